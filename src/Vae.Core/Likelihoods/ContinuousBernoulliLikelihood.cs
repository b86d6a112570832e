namespace Vae.Core.Likelihoods;

/// <summary>Independent grey pixels in [0, 1], from logits (Loaiza-Ganem and Cunningham 2019).</summary>
internal sealed record ContinuousBernoulliLikelihoodConfiguration : DensityLikelihoodConfiguration
{
    public static ContinuousBernoulliLikelihoodConfiguration Map(
        ConfigurationVisitor visitor, ContinuousBernoulliLikelihoodConfiguration value) =>
        value with { Target = MapTarget(visitor, value.Target) };

    public override Likelihood Build(ImageShape shape) => new ContinuousBernoulliLikelihood(shape.PixelCount, Target);
}

/// <summary>
/// The continuous Bernoulli on [0, 1] (Loaiza-Ganem and Cunningham 2019), on logits l: p(y) = exp(y·l)·l / (exp(l) − 1). With
/// λ = sigmoid(l) that is C(λ) λ^y (1 − λ)^(1−y), and in logits its normalizer needs no special care but at l = 0, where
/// power series take over.
/// </summary>
internal sealed class ContinuousBernoulliLikelihood(int pixels, TargetKind target) : DensityLikelihood(pixels, target)
{
    // Below it the series are exact to 1e-11, above it the closed forms lose less than that in float64.
    private const double SeriesLimit = 0.5;

    // Below it u itself is the quantile to 1e-7, all that float32 tells apart.
    private const double UniformLimit = 1e-6;

    // Means beyond that of this logit (0.95, and 0.05 at the other end) are taken to it.
    private const double LargestLogit = 20;

    public override float[] OutputForMean(ReadOnlySpan<float> mean) => Array.ConvertAll(mean.ToArray(), value => LogitOfMean(value));

    /// <summary>The logit under which the mean is the one given, or nearest to it at the largest logit a start may have.</summary>
    /// <param name="mean">Between 0 and 1.</param>
    public static float LogitOfMean(double mean) => (float)Inverse( // has no closed form; after 40 halvings float32 tells no more
        logit => Math.Abs(logit) < 1e-3 ? 0.5 + (logit / 12) : (1 / (1 - Math.Exp(-logit))) - (1 / logit),
        mean,
        -LargestLogit,
        LargestLogit,
        halvings: 40);

    protected override Tensor LogDensity(Tensor output, Tensor target) => ((target - 0.5) * output) - LogNormalizer(output);

    protected override Tensor DensityMean(Tensor output)
    {
        (Tensor isSmall, Tensor size, Tensor inSeries) = Branches(output);

        // E[y] − ½ = ½·coth(l/2) − 1/l = l/12 − l³/720 + l⁵/30240 − …
        Tensor closed = output.sign() * (0.5 + (1 / size.expm1()) - (1 / size));
        Tensor series = output * Polynomial(inSeries, 1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160);
        return where(isSmall, series, closed) + 0.5;
    }

    protected override Tensor Quantile(Tensor output, Tensor uniform)
    {
        // F(y) = (exp(l·y) − 1) / (exp(l) − 1), mirrored so that only exp(−|l|) is taken.
        Tensor isPositive = output.gt(0);
        Tensor isTiny = output.abs().lt(UniformLimit);
        Tensor size = output.abs().masked_fill(isTiny, 1);
        Tensor mirrored = where(isPositive, 1 - uniform, uniform);
        Tensor below = (mirrored * size.neg().expm1()).log1p() / size.neg();
        return where(isTiny, uniform, where(isPositive, 1 - below, below)).clamp(0, 1);
    }

    // log ∫ exp((y − ½)·l) dy = log(sinh(l/2) / (l/2)), even in l.
    private static Tensor LogNormalizer(Tensor output)
    {
        (Tensor isSmall, Tensor size, Tensor inSeries) = Branches(output);
        Tensor closed = (size * 0.5) + (size.neg().expm1().neg() / size).log();
        Tensor series = inSeries * Polynomial(inSeries, 1.0 / 24, -1.0 / 2880, 1.0 / 181440, -1.0 / 9676800, 1.0 / 479001600);
        return where(isSmall, series, closed);
    }

    // |l|, and l² for the series, each away from where the other branch is taken, so that the one not taken has a finite gradient.
    private static (Tensor IsSmall, Tensor Size, Tensor InSeries) Branches(Tensor output)
    {
        Tensor square = output.square();
        Tensor isSmall = square.lt(SeriesLimit * SeriesLimit);
        return (isSmall, output.abs().masked_fill(isSmall, 1), square.clamp_max(SeriesLimit * SeriesLimit));
    }

    private static Tensor Polynomial(Tensor x, params ReadOnlySpan<double> coefficients)
    {
        Tensor sum = x * coefficients[^1];
        for (int power = coefficients.Length - 2; power > 0; power--)
        {
            sum = (sum + coefficients[power]) * x;
        }

        return sum + coefficients[0];
    }
}
