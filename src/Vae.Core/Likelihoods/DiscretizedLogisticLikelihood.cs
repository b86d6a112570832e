using TorchSharp;
using static TorchSharp.torch;

namespace Vae.Core.Likelihoods;

/// <summary>
/// Grey levels as intervals of a logistic distribution (Salimans et al. 2017, equation 2, with one component): P(v) = F(v + ½) − F(v − ½),
/// where the first interval reaches to −∞ and the last to ∞. The decoder gives the location, in units of white.
/// </summary>
public sealed class DiscretizedLogisticLikelihood : Likelihood
{
    /// <summary>The least log s: there a whole level holds all but nothing of the mass.</summary>
    public const double MinimumLogScale = -9;

    private const double LevelWidth = 1.0 / (LevelCount - 1);
    private readonly PixelScale _scale;

    /// <summary>Creates the likelihood and registers the scale's parameters as scale.….</summary>
    /// <param name="pixels">P.</param>
    /// <param name="scale">Where s comes from.</param>
    public DiscretizedLogisticLikelihood(int pixels, PixelScale scale)
        : base(pixels)
    {
        _scale = scale;
        register_module("scale", scale);
    }

    /// <inheritdoc/>
    public override int OutputsPerPixel => 1 + _scale.OutputsPerPixel;

    /// <inheritdoc/>
    public override TargetKind Target => TargetKind.Levels;

    /// <inheritdoc/>
    public override Tensor LogProbability(Tensor output, Tensor target)
    {
        Tensor planes = Planes(output); // [K, B, O, P]
        Tensor inverseScale = _scale.LogScale(planes).neg().exp();
        Tensor centred = target - Location(planes); // [K, B, P]
        Tensor upper = (centred + (LevelWidth / 2)) * inverseScale;
        Tensor lower = (centred - (LevelWidth / 2)) * inverseScale;

        // F(a) − F(b) = F(a) · (1 − F(b)) · (1 − exp(b − a)), and no factor cancels however far out the interval lies.
        Tensor logBelowUpper = upper.log_sigmoid();
        Tensor logAboveLower = lower.neg().log_sigmoid();
        Tensor inside = logBelowUpper + logAboveLower + (inverseScale * -LevelWidth).expm1().neg().log();
        Tensor isBlack = target.lt(LevelWidth / 2);
        Tensor isWhite = target.gt(1 - (LevelWidth / 2));
        return where(isBlack, logBelowUpper, where(isWhite, logAboveLower, inside)).sum(-1);
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output)
    {
        Tensor planes = Planes(output);
        Tensor inverseScale = _scale.LogScale(planes).neg().exp();
        Tensor location = Location(planes); // [..., P]
        Tensor sum = zeros_like(location);
        for (int level = 1; level < LevelCount; level++)
        {
            using DisposeScope scope = NewDisposeScope();
            sum.add_(((location - ((level - 0.5) * LevelWidth)) * inverseScale).sigmoid()); // Σ P(V ≥ level) is the mean level
        }

        return sum * LevelWidth;
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor output, Tensor uniform)
    {
        Tensor planes = Planes(output);
        Tensor inner = WithoutEnds(uniform);
        Tensor logit = inner.log() - inner.neg().log1p();
        Tensor drawn = Location(planes) + (_scale.LogScale(planes).exp() * logit);
        return (drawn * (LevelCount - 1)).round().clamp(0, LevelCount - 1) * LevelWidth;
    }

    /// <inheritdoc/>
    public override float[] OutputForMean(ReadOnlySpan<float> meanTarget) => InFirstPlane(meanTarget);

    private static Tensor Location(Tensor planes) => planes.select(-2, 0);
}
