namespace Vae.Core.Priors;

/// <summary>The distribution of latents, as a configuration has it.</summary>
internal abstract record PriorConfiguration
{
    internal static readonly Kind<PriorConfiguration>[] Kinds =
    [
        Kind.Of<PriorConfiguration, StandardNormalPriorConfiguration>("standard_normal"),
        Kind.Of<PriorConfiguration, MixturePriorConfiguration>("mixture", MixturePriorConfiguration.Map),
        Kind.Of<PriorConfiguration, VampPriorConfiguration>("vamp", VampPriorConfiguration.Map),
        Kind.Of<PriorConfiguration, RealNvpPriorConfiguration>("realnvp", RealNvpPriorConfiguration.Map),
    ];

    internal const int MostComponents = 100_000;

    /// <summary>Whether the KL from it has a closed form that is a sum over dimensions.</summary>
    public virtual bool HasClosedFormKl => false;

    /// <summary>The prior.</summary>
    public abstract Prior Build(PriorContext context);
}

/// <summary>What a prior is built from.</summary>
/// <param name="Latent">D.</param>
/// <param name="Encode">The model's q(z|x) for inputs [B, P], which a VampPrior shares; called after the model is built.</param>
/// <param name="Pixels">P, the numbers in an image.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Training">The images that parameters start from; null where a checkpoint will overwrite them.</param>
/// <param name="Device">Where it is made; on META nothing is to be drawn.</param>
internal sealed record PriorContext(
    int Latent, Func<Tensor, DiagonalGaussian> Encode, int Pixels, long Seed, ImageSet? Training, Device Device)
{
    /// <summary>Whether parameters have no memory behind them.</summary>
    public bool IsOutline => Device.type == DeviceType.META;

    /// <summary>Where first parameters are drawn from.</summary>
    public RandomStream Stream => new((ulong)Seed, RandomPurpose.PriorInitialization);
}

/// <summary>
/// The distribution p(z) that latents are held to in training and drawn from afterwards. A learned prior has parameters, which the
/// state_dict names prior.…. It is a module that makes a <see cref="LatentDensity"/>; all else (objectives, evaluation, sampling) sees the
/// density alone.
/// </summary>
internal abstract class Prior : nn.Module
{
    /// <summary>Creates a prior over latents of D dimensions.</summary>
    protected Prior(int dimension)
        : base("prior") => Dimension = dimension;

    /// <summary>D, the number of latent dimensions.</summary>
    public int Dimension { get; }

    /// <summary>Whether its density is an <see cref="IClosedFormKl"/>.</summary>
    public virtual bool HasClosedFormKl => false;

    /// <summary>The prior as the executor for dense layers needs it; null for one that it cannot compute.</summary>
    internal virtual DensePrior? DenseForm => null;

    /// <summary>The density under the parameters of this moment, gradients flowing into them.</summary>
    /// <param name="condition">What is known of the images, for a prior that depends on it; null for nothing.</param>
    public abstract LatentDensity At(Condition? condition);
}

/// <summary>A prior that the executor for dense layers computes.</summary>
/// <param name="PseudoInputs">u of (1/C) Σ q(z|u), held to [0, 1], [C, P]; null for N(0, I).</param>
internal sealed record DensePrior(Parameter? PseudoInputs = null);
