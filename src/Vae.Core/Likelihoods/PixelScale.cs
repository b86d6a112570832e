namespace Vae.Core.Likelihoods;

/// <summary>Where the scale of a likelihood's pixels comes from.</summary>
internal abstract record ScaleConfiguration
{
    private static readonly Kind<ScaleConfiguration>[] Learned =
    [
        Kind.Of<ScaleConfiguration, LearnedScalarScaleConfiguration>("learned_scalar"),
        Kind.Of<ScaleConfiguration, LearnedPixelScaleConfiguration>("learned_pixel"),
    ];

    private static readonly Kind<ScaleConfiguration> Analytic = Kind.Of<ScaleConfiguration, AnalyticScaleConfiguration>("analytic");

    public static readonly Kind<ScaleConfiguration>[] GaussianKinds = [Fixed("sigma", "the standard deviation"), .. Learned, Analytic];

    public static readonly Kind<ScaleConfiguration>[] LaplaceKinds = [Fixed("scale", "the mean absolute deviation"), .. Learned, Analytic];

    public static readonly Kind<ScaleConfiguration>[] LogisticKinds = Learned;

    /// <param name="minimumLogScale">The least log σ that is learned or fitted.</param>
    public abstract PixelScale Build(double minimumLogScale);

    private static Kind<ScaleConfiguration> Fixed(string key, string meaning) => Kind.Of<ScaleConfiguration, FixedScaleConfiguration>(
        "fixed",
        (visitor, value) =>
            value with { Scale = visitor.Real(key, value.Scale, FixedScaleConfiguration.Limits, meaning + ", where white is 1") });
}

/// <summary>Where a likelihood's scale comes from, as a logarithm: σ of a Gaussian, b of a Laplace, s of a logistic distribution.</summary>
internal abstract class PixelScale : nn.Module
{
    /// <summary>The largest learned log σ: on pixels of [0, 1] any more is as good as flat.</summary>
    public const double MaximumLogScale = 1;

    protected PixelScale()
        : base("scale")
    {
    }

    /// <summary>How many numbers the decoder gives for the scale of each pixel.</summary>
    public virtual int OutputsPerPixel => 0;

    public virtual LossScope Scope => LossScope.PerImage;

    /// <summary>log σ.</summary>
    /// <param name="planes">The decoder's output, [..., O, P]; the scale's plane is the last.</param>
    /// <param name="bestFit">Gives the log σ under which the pixels to be scored are most probable, a scalar; null for none.</param>
    /// <returns>[…, P] or a shape that broadcasts to it.</returns>
    public abstract Tensor LogScale(Tensor planes, Func<Tensor>? bestFit = null);
}

/// <summary>Given, and the same for all pixels.</summary>
internal sealed record FixedScaleConfiguration : ScaleConfiguration
{
    /// <summary>So far from 0 and infinity that float32 holds every square.</summary>
    public static readonly Interval Limits = new(1e-6, true, 1e6);

    /// <summary>σ, in units of white.</summary>
    public double Scale { get; init; } = 1;

    public override PixelScale Build(double minimumLogScale) => new FixedScale(Scale);
}

internal sealed class FixedScale(double scale) : PixelScale
{
    private readonly double _logScale = Math.Log(scale);

    public override Tensor LogScale(Tensor planes, Func<Tensor>? bestFit = null) => full([1], _logScale, planes.dtype, planes.device);
}

/// <summary>One for all pixels, learned.</summary>
internal sealed record LearnedScalarScaleConfiguration : ScaleConfiguration
{
    public override PixelScale Build(double minimumLogScale) => new LearnedScale(minimumLogScale);
}

/// <summary>Parameter: log_scale [1], before its bound.</summary>
internal sealed class LearnedScale : PixelScale
{
    private readonly double _minimumLogScale;

    [ComponentName(Name = "log_scale")]
    private readonly Parameter _logScale;

    /// <summary>Starts at about σ = 1, wide enough for any first guess.</summary>
    public LearnedScale(double minimumLogScale)
    {
        _minimumLogScale = minimumLogScale;
        _logScale = nn.Parameter(zeros(1));
        RegisterComponents();
    }

    public override Tensor LogScale(Tensor planes, Func<Tensor>? bestFit = null) =>
        SmoothClamp.Apply(_logScale, _minimumLogScale, MaximumLogScale);
}

/// <summary>One for each pixel, from the decoder.</summary>
internal sealed record LearnedPixelScaleConfiguration : ScaleConfiguration
{
    public override PixelScale Build(double minimumLogScale) => new PixelwiseScale(minimumLogScale);
}

internal sealed class PixelwiseScale(double minimumLogScale) : PixelScale
{
    public override int OutputsPerPixel => 1;

    public override Tensor LogScale(Tensor planes, Func<Tensor>? bestFit = null) =>
        SmoothClamp.Apply(planes.select(-2, planes.shape[^2] - 1), minimumLogScale, MaximumLogScale);
}

/// <summary>One for all pixels, in each step the best for the batch.</summary>
internal sealed record AnalyticScaleConfiguration : ScaleConfiguration
{
    public override PixelScale Build(double minimumLogScale) => new AnalyticScale(minimumLogScale);
}

/// <summary>
/// One scale for all pixels, in each training step the one under which the batch is most probable: for a Gaussian σ² = mean squared error
/// (σ-VAE, Rybkin, Daniilidis and Levine 2021). No gradient flows through it, and none would: at its best σ the loss is level in σ. Without
/// gradients it stays what the last training step set it to, the buffer log_scale [1].
/// </summary>
internal sealed class AnalyticScale : PixelScale
{
    private readonly double _minimumLogScale;

    [ComponentName(Name = "log_scale")]
    private readonly Tensor _logScale;

    /// <summary>Starts at σ = 1.</summary>
    public AnalyticScale(double minimumLogScale)
    {
        _minimumLogScale = minimumLogScale;
        _logScale = zeros(1);
        RegisterComponents();
    }

    public override LossScope Scope => LossScope.PerBatch;

    public override Tensor LogScale(Tensor planes, Func<Tensor>? bestFit = null)
    {
        if (bestFit is null || !training || !is_grad_enabled())
        {
            return _logScale.clone();
        }

        using IDisposable noGradient = no_grad();
        Tensor best = bestFit().clamp_min(_minimumLogScale).view(1);
        _logScale.copy_(best);
        return best;
    }
}
