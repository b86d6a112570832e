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
        VariationalAutoencoder model = new(
            NetworkFactory.BuildEncoder(configuration.Encoder, shape, configuration.Latent),
            NetworkFactory.BuildDecoder(configuration.Decoder, configuration.Latent, shape, likelihood.OutputsPerPixel),
            PriorFactory.Build(configuration.Prior, configuration.Latent),
            likelihood);
        ParameterInitializer.Initialize(model, new RandomStream((ulong)seed, RandomPurpose.ParameterInitialization), NetworkFactory.Initializer(configuration.Initializer));
        return model;
    }

    /// <summary>Sets the parameters of a new model that start from the training images.</summary>
    /// <param name="configuration">Which parameters, and how.</param>
    /// <param name="model">A model that <see cref="Build"/> made.</param>
    /// <param name="images">The training images.</param>
    /// <param name="transform">How their pixels become targets.</param>
    public static void InitializeFromData(
        ModelConfiguration configuration, VariationalAutoencoder model, ImageSet images, PixelTransform transform)
    {
        if (configuration.OutputBias == OutputBiasKind.DataMean)
        {
            float[] mean = MeanTarget.Of(images, transform);
            float[] start = model.Decoder.SharesBias ? MeanTarget.ByChannel(mean, images.Shape) : mean;
            model.Decoder.SetOutputBias(model.Likelihood.OutputForMean(start));
        }
    }
}
