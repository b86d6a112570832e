using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Likelihoods;
using Vae.Core.Models;
using Vae.Core.Networks;

namespace Vae.Core.Composition;

/// <summary>Turns the model's configuration into the model.</summary>
internal static class ModelFactory
{
    /// <summary>Builds a model for images of the shape, with weights drawn from the seed, on the CPU.</summary>
    public static VariationalAutoencoder Build(ModelConfiguration configuration, ImageShape shape, long seed)
    {
        Likelihood likelihood = LikelihoodFactory.Build(configuration.Likelihood, shape);
        FeatureNetwork encoder = NetworkFactory.Build(configuration.Encoder, shape.PixelCount);
        FeatureNetwork decoder = NetworkFactory.Build(configuration.Decoder, configuration.Latent);
        VariationalAutoencoder model = new(
            new GaussianEncoder(encoder, configuration.Latent),
            new LikelihoodDecoder(decoder, shape.PixelCount * likelihood.OutputsPerPixel),
            PriorFactory.Build(configuration.Prior, configuration.Latent),
            likelihood);
        ParameterInitializer.Initialize(model, new RandomStream((ulong)seed, RandomPurpose.ParameterInitialization));
        return model;
    }
}
