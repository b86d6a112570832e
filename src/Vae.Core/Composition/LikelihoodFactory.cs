using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Likelihoods;

namespace Vae.Core.Composition;

/// <summary>Turns a likelihood's configuration into the likelihood.</summary>
internal static class LikelihoodFactory
{
    /// <summary>The likelihood over images of the shape.</summary>
    public static Likelihood Build(LikelihoodConfiguration configuration, ImageShape shape)
    {
        int pixels = shape.PixelCount;
        return configuration switch
        {
            BernoulliLikelihoodConfiguration => new BernoulliLikelihood(pixels),
            ContinuousBernoulliLikelihoodConfiguration density => new ContinuousBernoulliLikelihood(pixels, Target(density)),
            GaussianLikelihoodConfiguration gaussian =>
                new GaussianLikelihood(pixels, Target(gaussian), Scale(gaussian.Variance, LocationScaleLikelihood.MinimumLogScale)),
            LaplaceLikelihoodConfiguration laplace =>
                new LaplaceLikelihood(pixels, Target(laplace), Scale(laplace.Scale, LocationScaleLikelihood.MinimumLogScale)),
            DiscretizedLogisticLikelihoodConfiguration logistic =>
                new DiscretizedLogisticLikelihood(pixels, Scale(logistic.Scale, DiscretizedLogisticLikelihood.MinimumLogScale)),
            CategoricalLikelihoodConfiguration => new CategoricalLikelihood(pixels),
            _ => throw new NotSupportedException($"{configuration} has no implementation."),
        };
    }

    private static TargetKind Target(DensityLikelihoodConfiguration configuration) => configuration.Target switch
    {
        DensityTarget.Dequantized => TargetKind.Dequantized,
        DensityTarget.UnitInterval => TargetKind.UnitInterval,
        _ => throw new NotSupportedException($"{configuration.Target} has no implementation."),
    };

    private static PixelScale Scale(ScaleConfiguration configuration, double minimumLogScale) => configuration switch
    {
        FixedScaleConfiguration given => new FixedScale(given.Scale),
        LearnedScalarScaleConfiguration => new LearnedScale(minimumLogScale),
        LearnedPixelScaleConfiguration => new PixelwiseScale(minimumLogScale),
        AnalyticScaleConfiguration => new AnalyticScale(minimumLogScale),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };
}
