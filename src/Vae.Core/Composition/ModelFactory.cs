using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Likelihoods;
using Vae.Core.Models;
using Vae.Core.Networks;

namespace Vae.Core.Composition;

/// <summary>Turns the model's configuration into the model.</summary>
internal static class ModelFactory
{
    /// <summary>Builds a model for images of the shape, with weights drawn from the seed, on the CPU.</summary>
    /// <param name="configuration">What is wanted.</param>
    /// <param name="shape">The images' shape.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="training">
    /// The training images, for what starts from data; null where a checkpoint will overwrite the weights, so that no data are needed.
    /// </param>
    public static VariationalAutoencoder Build(ModelConfiguration configuration, ImageShape shape, long seed, ImageSet? training = null)
    {
        Likelihood likelihood = LikelihoodFactory.Build(configuration.Likelihood, shape);
        PosteriorConfiguration posterior = configuration.Posterior;
        GaussianEncoder encoder = new(
            NetworkFactory.Build(configuration.Encoder, shape.PixelCount),
            configuration.Latent,
            new LogVarianceBound(posterior.LogVarianceMinimum, posterior.LogVarianceMaximum));
        FeatureNetwork decoder = NetworkFactory.Build(configuration.Decoder, configuration.Latent);
        VariationalAutoencoder model = new(
            encoder,
            new LikelihoodDecoder(decoder, shape.PixelCount * likelihood.OutputsPerPixel),
            PriorFactory.Build(configuration.Prior, configuration.Latent, encoder, shape.PixelCount, seed, training),
            likelihood);
        ParameterInitializer.Initialize(model, new RandomStream((ulong)seed, RandomPurpose.ParameterInitialization));
        return model;
    }
}
