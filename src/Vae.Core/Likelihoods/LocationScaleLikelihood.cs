namespace Vae.Core.Likelihoods;

/// <summary>
/// Densities that shift and stretch one standard density: y = m + σ·t. The decoder gives m for each pixel, unconstrained, and the scale
/// comes from where its <see cref="PixelScale"/> says.
/// </summary>
internal abstract class LocationScaleLikelihood : DensityLikelihood
{
    /// <summary>
    /// The least learned log σ. It is a quarter of a grey level: a density on scaled pixels grows without end as σ shrinks to 0 on pixels
    /// that never vary, and a density on dequantized ones gains nothing there.
    /// </summary>
    public const double MinimumLogScale = -7;

    [ComponentName(Name = "scale")]
    private readonly PixelScale _scale;

    /// <summary>Creates the likelihood and registers the scale's parameters as scale.….</summary>
    protected LocationScaleLikelihood(int pixels, TargetKind target, PixelScale scale)
        : base(pixels, target)
    {
        _scale = scale;
        RegisterComponents();
    }

    public sealed override LossScope Scope => _scale.Scope;

    public sealed override int OutputsPerPixel => 1 + _scale.OutputsPerPixel;

    public override float[] OutputForMean(ReadOnlySpan<float> mean) =>
        [.. mean, .. new float[mean.Length * _scale.OutputsPerPixel]]; // [O, P]

    protected sealed override Tensor LogDensity(Tensor output, Tensor target)
    {
        Tensor planes = Planes(output);                // [K, B, O, P]
        Tensor deviation = target - Location(planes);  // [K, B, P]
        Tensor logScale = _scale.LogScale(planes, () => BestLogScale(deviation));
        return StandardLogDensity(deviation * logScale.neg().exp()) - logScale;
    }

    protected sealed override Tensor DensityMean(Tensor output) => Location(Planes(output));

    protected sealed override Tensor Quantile(Tensor output, Tensor uniform)
    {
        Tensor planes = Planes(output); // [..., O, P]
        return Location(planes) + (_scale.LogScale(planes).exp() * StandardQuantile(uniform));
    }

    /// <summary>log of the standard density, element by element.</summary>
    protected abstract Tensor StandardLogDensity(Tensor standardized);

    /// <summary>The standard density's quantile, element by element.</summary>
    protected abstract Tensor StandardQuantile(Tensor uniform);

    /// <summary>The log σ under which deviations are most probable, a scalar.</summary>
    protected abstract Tensor BestLogScale(Tensor deviation);
}
