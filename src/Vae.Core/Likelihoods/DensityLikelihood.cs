namespace Vae.Core.Likelihoods;

/// <summary>A density over grey pixels.</summary>
internal abstract record DensityLikelihoodConfiguration : LikelihoodConfiguration
{
    /// <summary>How the density is given 8-bit pixels.</summary>
    public TargetKind Target { get; init; } = TargetKind.Dequantized;

    public override TargetKind PixelTarget => Target;

    private protected static TargetKind MapTarget(ConfigurationVisitor visitor, TargetKind value) => visitor.Choice(
        "target",
        value,
        "\"dequantized\" scores (value + noise) / 256 as nats of the 8-bit image, \"unit_interval\" value / 255 as a bare density",
        [TargetKind.Dequantized, TargetKind.UnitInterval]);
}

/// <summary>
/// Independent pixels under a density p(y). On dequantized pixels a level is an interval of width 1/256, so an image of P pixels fills a
/// volume of 256^−P; its logarithm is added, which makes the log-probability one of the 8-bit image (a lower bound of it, in the mean over
/// the noise), comparable with likelihoods of levels. On scaled pixels the log-probability is the bare log-density.
/// </summary>
internal abstract class DensityLikelihood : Likelihood
{
    protected DensityLikelihood(int pixels, TargetKind target)
        : base(pixels, target)
    {
        if (target is not (TargetKind.UnitInterval or TargetKind.Dequantized))
        {
            throw new ArgumentException($"A density has no use for {target} pixels.", nameof(target));
        }
    }

    /// <summary>log of the volume that an 8-bit image fills in the space of y: −P·log 256 on dequantized pixels, else 0.</summary>
    public double LogVolume => Target == TargetKind.Dequantized ? -Pixels * Math.Log(LevelCount) : 0;

    public sealed override Tensor LogProbability(Tensor output, Tensor target) => LogDensity(output, target).sum(-1) + LogVolume;

    public sealed override Tensor Mean(Tensor output)
    {
        Tensor mean = DensityMean(output);
        return Target == TargetKind.Dequantized ? ((mean * LevelCount) - 0.5) / (LevelCount - 1) : mean; // from y = (value + ½) / 256
    }

    public sealed override Tensor Sample(Tensor output, Tensor uniform)
    {
        Tensor drawn = Quantile(output, WithoutEnds(uniform));
        return Target == TargetKind.Dequantized
            ? (drawn * LevelCount).floor().clamp(0, LevelCount - 1) / (LevelCount - 1)
            : drawn;
    }

    /// <summary>log p(y) of each pixel.</summary>
    /// <param name="output">[K, B, P·OutputsPerPixel].</param>
    /// <param name="target">[B, P].</param>
    /// <returns>[K, B, P].</returns>
    protected abstract Tensor LogDensity(Tensor output, Tensor target);

    /// <summary>E[y].</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <returns>[…, P].</returns>
    protected abstract Tensor DensityMean(Tensor output);

    /// <summary>The y below which the density has the given mass.</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <param name="uniform">The mass, above 0 and below 1, […, P].</param>
    /// <returns>[…, P].</returns>
    protected abstract Tensor Quantile(Tensor output, Tensor uniform);
}
