namespace Vae.Core.Likelihoods;

/// <summary>Independent Laplace pixels.</summary>
internal sealed record LaplaceLikelihoodConfiguration : DensityLikelihoodConfiguration
{
    public ScaleConfiguration Scale { get; init; } = new AnalyticScaleConfiguration();

    public static LaplaceLikelihoodConfiguration Map(ConfigurationVisitor visitor, LaplaceLikelihoodConfiguration value) => value with
    {
        Scale = visitor.Variant("scale", value.Scale, ScaleConfiguration.LaplaceKinds, "where the scale of a pixel comes from"),
        Target = MapTarget(visitor, value.Target),
    };

    public override Likelihood Build(ImageShape shape) =>
        new LaplaceLikelihood(shape.PixelCount, Target, Scale.Build(LocationScaleLikelihood.MinimumLogScale));
}

/// <summary>Independent Laplace pixels, the decoder's output their location: log p(y) = −|y − m| / b − log 2b.</summary>
internal sealed class LaplaceLikelihood(int pixels, TargetKind target, PixelScale scale) : LocationScaleLikelihood(pixels, target, scale)
{
    private static readonly double LogTwo = Math.Log(2);

    protected override Tensor StandardLogDensity(Tensor standardized) => standardized.abs().neg() - LogTwo;

    protected override Tensor StandardQuantile(Tensor uniform)
    {
        Tensor side = uniform - 0.5;
        return side.sign() * (side.abs() * -2).log1p().neg();
    }

    protected override Tensor BestLogScale(Tensor deviation) => deviation.abs().mean().log();
}
