using System.Numerics;

namespace Vae.Core.Evaluation;

/// <summary>What images say of a model, in nats per image unless said otherwise. docs/evaluation.md explains each figure.</summary>
public sealed record EvaluationResult
{
    /// <summary>Images evaluated, N.</summary>
    public required int Images { get; init; }

    /// <summary>Importance samples for each image, K.</summary>
    public required int ImportanceSamples { get; init; }

    /// <summary>E_q[log p(x|z)], by K draws an image.</summary>
    public required double Reconstruction { get; init; }

    /// <summary>KL(q(z|x)‖p(z)), in closed form where there is one, else by the K draws.</summary>
    public required double Kl { get; init; }

    /// <summary>Reconstruction − Kl.</summary>
    public double Elbo => Reconstruction - Kl;

    /// <summary>
    /// Mean KL from the prior's marginal for each latent dimension, [D]; its sum is <see cref="Kl"/> where the prior is a product of its
    /// marginals. Empty where the prior's marginals are not known.
    /// </summary>
    public required IReadOnlyList<double> KlPerDimension { get; init; }

    /// <summary>
    /// The importance-weighted estimate of log p(x), a lower bound in expectation that rises with K (Burda et al. 2015, equation 8).
    /// </summary>
    public double LogLikelihood => Curve[^1].LogLikelihood;

    /// <summary>
    /// Standard error of <see cref="LogLikelihood"/> as an estimate for all images of this kind: standard deviation over these images / √N.
    /// Null for one image.
    /// </summary>
    public double? LogLikelihoodStandardError => Curve[^1].StandardError;

    /// <summary>
    /// The part of it that comes from the draws: how far another seed would move <see cref="LogLikelihood"/> on these same images, by the
    /// jackknife over the draws of each. Null where an image has one draw, or only one whose weight is not zero.
    /// </summary>
    public required double? MonteCarloError { get; init; }

    /// <summary>
    /// Whether <see cref="MonteCarloError"/> is right on average over seeds but, of so few images with so few effective samples, may be far
    /// too small for one seed: when the few weights that matter are alike by chance. Twice the error then holds for 65 to 90 % of seeds in
    /// place of 95, from twenty images or a hundred effective samples on for about 90 or more (of Pareto tails with k = 0.9, 85).
    /// </summary>
    public bool MonteCarloErrorIsRough => MonteCarloError is not null && Images < 20 && EffectiveSampleSize < 100;

    /// <summary>Whether weights are so unequal that how far <see cref="LogLikelihood"/> lies below log p(x) cannot be told.</summary>
    public bool BoundIsFar => EffectiveSampleSize < 10;

    /// <summary>The mean over images of (Σw)² / Σw² for the K weights of each (Kong 1992).</summary>
    public double EffectiveSampleSize => Curve[^1].EffectiveSampleSize;

    /// <summary>The bound for k = 1, 10, 100, … and K.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>−LogLikelihood / (P ln 2): bits for each number of an image; null for a density on scaled pixels, which has none.</summary>
    public required double? BitsPerDimension { get; init; }

    /// <summary>Dimensions in use (<see cref="ImportanceEvaluator.ActiveUnitThreshold"/>); null for one image.</summary>
    public required int? ActiveUnits { get; init; }

    /// <summary>D.</summary>
    public required int Latent { get; init; }

    /// <summary>The parts of the KL that the aggregate posterior tells apart; null where not asked for or latents are no vectors.</summary>
    public required KlDecomposition? Decomposition { get; init; }

    /// <summary>The model's own figures by name.</summary>
    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    /// <summary>Each image's own figures, [N], in the order of the set.</summary>
    public required IReadOnlyList<ImageScore> Scores { get; init; }

    /// <summary>Each image's class, [N], or null where the images have none.</summary>
    public IReadOnlyList<int>? Labels { get; init; }
}

/// <summary>The importance-weighted bound at some number of samples.</summary>
/// <param name="Samples">k.</param>
/// <param name="LogLikelihood">The mean over images, in nats.</param>
/// <param name="StandardError">Standard deviation over images / √N, in nats; null for one image.</param>
/// <param name="EffectiveSampleSize">The mean over images, between 1 and k.</param>
public sealed record CurvePoint(int Samples, double LogLikelihood, double? StandardError, double EffectiveSampleSize);

/// <summary>One image's figures, in nats.</summary>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="Kl">KL(q(z|x)‖p(z)).</param>
/// <param name="LogLikelihood">The importance-weighted estimate of log p(x).</param>
/// <param name="EffectiveSampleSize">Of its K weights.</param>
public readonly record struct ImageScore(double Reconstruction, double Kl, double LogLikelihood, double EffectiveSampleSize)
{
    /// <summary>Reconstruction − Kl.</summary>
    public double Elbo => Reconstruction - Kl;
}

/// <summary>
/// The decomposition of the mean KL by the aggregate posterior q(z) = (1/N) Σ q(z|xₙ) (Hoffman and Johnson 2016; Chen et al. 2018,
/// equation 2): KL = mutual information + KL(q(z)‖p(z)), and where the prior is a product of its marginals
/// KL(q(z)‖p(z)) = total correlation + dimension-wise KL. All are means over the same draws, so that the sums hold to rounding. In nats.
/// </summary>
/// <param name="Draws">Draws z ~ q(z|xₙ) taken, over images spread evenly through the set.</param>
/// <param name="Kl">The mean KL(q(z|xₙ)‖p(z)), by these draws.</param>
/// <param name="MutualInformation">I_q(n; z), between an image's index and its code: E[log q(z|xₙ) − log q(z)], at most log N.</param>
/// <param name="MarginalKl">KL(q(z)‖p(z)).</param>
/// <param name="TotalCorrelation">KL(q(z)‖Π q(z_d)): how far the dimensions of the aggregate posterior depend on one another.</param>
/// <param name="DimensionWiseKl">Σ_d KL(q(z_d)‖p(z_d)); null where the prior's marginals are not known.</param>
public sealed record KlDecomposition(
    int Draws, Estimate Kl, Estimate MutualInformation, Estimate MarginalKl, Estimate TotalCorrelation, Estimate? DimensionWiseKl);

/// <summary>A mean over draws.</summary>
/// <param name="Value">The mean.</param>
/// <param name="StandardError">Standard deviation / √draws; null for one draw, which does not tell it.</param>
public readonly record struct Estimate(double Value, double? StandardError)
{
    /// <summary>The mean of some numbers, and its error.</summary>
    public static Estimate Of(ReadOnlySpan<double> values)
    {
        (double mean, double squares) = Moments(values);
        return new Estimate(mean, values.Length < 2 ? null : Math.Sqrt(squares / (values.Length - 1.0) / values.Length));
    }

    /// <summary>The mean, and the sum of the squares of the deviations from it (Welford 1962).</summary>
    internal static (double Mean, double Squares) Moments<T>(ReadOnlySpan<T> values)
        where T : INumberBase<T>
    {
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.CreateChecked(values[i]);
            double shift = value - mean;
            mean += shift / (i + 1);
            squares += shift * (value - mean);
        }

        return (mean, squares);
    }
}
