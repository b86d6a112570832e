using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Likelihoods;

namespace Vae.Core.Composition;

/// <summary>Turns a likelihood's configuration into the likelihood.</summary>
internal static class LikelihoodFactory
{
    /// <summary>The likelihood over images of the shape.</summary>
    public static Likelihood Build(LikelihoodConfiguration configuration, ImageShape shape) => configuration switch
    {
        BernoulliLikelihoodConfiguration => new BernoulliLikelihood(shape.PixelCount),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };
}
