namespace Vae.Core.Likelihoods;

/// <summary>Independent Gaussian pixels.</summary>
internal sealed record GaussianLikelihoodConfiguration : DensityLikelihoodConfiguration
{
    public ScaleConfiguration Variance { get; init; } = new AnalyticScaleConfiguration();

    public static GaussianLikelihoodConfiguration Map(ConfigurationVisitor visitor, GaussianLikelihoodConfiguration value) => value with
    {
        Variance = visitor.Variant(
            "variance", value.Variance, ScaleConfiguration.GaussianKinds, "where the variance of a pixel comes from"),
        Target = MapTarget(visitor, value.Target),
    };

    public override Likelihood Build(ImageShape shape) =>
        new GaussianLikelihood(shape.PixelCount, Target, Variance.Build(LocationScaleLikelihood.MinimumLogScale));
}

/// <summary>
/// Independent Gaussian pixels with the decoder's output as mean. The log-density is whole, with its −log σ − ½·log 2π, and summed over
/// pixels: with σ fixed at 1 the squared error is halved and weighs next to nothing against the KL; see docs/likelihoods.md.
/// </summary>
internal sealed class GaussianLikelihood(int pixels, TargetKind target, PixelScale scale) : LocationScaleLikelihood(pixels, target, scale)
{
    protected override Tensor StandardLogDensity(Tensor standardized) => -0.5 * (standardized.square() + DiagonalGaussian.LogTwoPi);

    protected override Tensor StandardQuantile(Tensor uniform) => ((uniform * 2) - 1).erfinv() * Math.Sqrt(2);

    protected override Tensor BestLogScale(Tensor deviation) => deviation.square().mean().log() * 0.5;
}
