namespace Vae.Core.Likelihoods;

/// <summary>Independent pixels of 256 levels, each an interval of a logistic distribution (Salimans et al. 2017).</summary>
internal sealed record DiscretizedLogisticLikelihoodConfiguration : LikelihoodConfiguration
{
    public ScaleConfiguration Scale { get; init; } = new LearnedPixelScaleConfiguration();

    public override TargetKind PixelTarget => TargetKind.Levels;

    public static DiscretizedLogisticLikelihoodConfiguration Map(
        ConfigurationVisitor visitor, DiscretizedLogisticLikelihoodConfiguration value) => value with
        {
            Scale = visitor.Variant("scale", value.Scale, ScaleConfiguration.LogisticKinds, "where the scale of a pixel comes from"),
        };

    public override Likelihood Build(ImageShape shape) =>
        new DiscretizedLogisticLikelihood(shape.PixelCount, Scale.Build(DiscretizedLogisticLikelihood.MinimumLogScale));
}

/// <summary>
/// Grey levels as intervals of a logistic distribution (Salimans et al. 2017, equation 2, with one component): P(v) = F(v + ½) − F(v − ½),
/// where the first interval reaches to −∞ and the last to ∞. The decoder gives the location, in units of white.
/// </summary>
internal sealed class DiscretizedLogisticLikelihood : Likelihood
{
    /// <summary>The least log s: there a whole level holds all but nothing of the mass.</summary>
    public const double MinimumLogScale = -9;

    private const double LevelWidth = 1.0 / (LevelCount - 1);

    [ComponentName(Name = "scale")]
    private readonly PixelScale _scale;

    /// <summary>Creates the likelihood and registers the scale's parameters as scale.….</summary>
    public DiscretizedLogisticLikelihood(int pixels, PixelScale scale)
        : base(pixels, TargetKind.Levels)
    {
        _scale = scale;
        RegisterComponents();
    }

    public override int OutputsPerPixel => 1 + _scale.OutputsPerPixel;

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

    public override float[] OutputForMean(ReadOnlySpan<float> mean)
    {
        double scale = InitialScale();
        float[] locations = Array.ConvertAll(mean.ToArray(), value => (float)LocationOfMean(value, scale));
        return [.. locations, .. new float[mean.Length * _scale.OutputsPerPixel]]; // [O, P]
    }

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

    public override Tensor Sample(Tensor output, Tensor uniform)
    {
        Tensor planes = Planes(output);
        Tensor inner = WithoutEnds(uniform);
        Tensor logit = inner.log() - inner.neg().log1p();
        Tensor drawn = Location(planes) + (_scale.LogScale(planes).exp() * logit);
        return (drawn * (LevelCount - 1)).round().clamp(0, LevelCount - 1) * LevelWidth;
    }

    private double InitialScale()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Math.Exp(_scale.LogScale(zeros(OutputsPerPixel, 1)).ToDouble());
    }

    // The mean of a logistic variable cut to [0, 1] is s·(softplus(m/s) − softplus((m − 1)/s)), which rises with m.
    private static double LocationOfMean(double mean, double scale)
    {
        const double Margin = 0.001; // black pixels would have their location at −∞
        double low = -20 * (scale + 1);
        return Inverse(
            location => scale * (Softplus(location / scale) - Softplus((location - 1) / scale)),
            Math.Clamp(mean, Margin, 1 - Margin),
            low,
            1 - low,
            halvings: 60);
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
