namespace Vae.Core.Priors;

/// <summary>A mixture of Gaussians with diagonal covariance that is learned with the model.</summary>
internal sealed record MixturePriorConfiguration : PriorConfiguration
{
    /// <summary>Gaussians in the mixture.</summary>
    public int Components { get; init; } = 10;

    /// <summary>Standard deviation of the means at the start; the components themselves start with 1.</summary>
    public double Spread { get; init; } = 1;

    internal static MixturePriorConfiguration Map(ConfigurationVisitor visitor, MixturePriorConfiguration value) => value with
    {
        Components = visitor.Integer("components", value.Components, 1, MostComponents, "Gaussians in the mixture"),
        Spread = visitor.Real("spread", value.Spread, Interval.Positive, "standard deviation of the means at the start"),
    };

    public override Prior Build(PriorContext context) => new MixturePrior(
        context.IsOutline
            ? empty(Components, context.Latent, device: context.Device)
            : Noise.Normal(context.Stream, 0, 0, CPU, Components, context.Latent).mul_(Spread)); // [C, D]
}

/// <summary>
/// A mixture of Gaussians with diagonal covariance whose weights, means and variances are learned with the model. Parameters: means [C, D],
/// log_variances [C, D], logits [C] (the softmax of which are the weights).
/// </summary>
internal sealed class MixturePrior : Prior
{
    [ComponentName(Name = "means")]
    private readonly Parameter _means;

    [ComponentName(Name = "log_variances")]
    private readonly Parameter _logVariances;

    [ComponentName(Name = "logits")]
    private readonly Parameter _logits;

    /// <summary>Creates components of equal weight and unit variance.</summary>
    /// <param name="means">Where they start, [C, D]; taken over. Equal means would stay equal, so they are to be spread.</param>
    public MixturePrior(Tensor means)
        : base((int)means.shape[1])
    {
        _logVariances = nn.Parameter(zeros_like(means));
        _logits = nn.Parameter(zeros([means.shape[0]], means.dtype, means.device));
        _means = nn.Parameter(means); // last: it takes the tensor over
        RegisterComponents();
    }

    public override LatentDensity At(Condition? condition) =>
        new GaussianMixtureDensity(_logits.log_softmax(0), _means, LogVarianceBound.Wide.Apply(_logVariances));
}
