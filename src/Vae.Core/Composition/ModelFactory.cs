using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Likelihoods;
using Vae.Core.Models;
using Vae.Core.Networks;
using Vae.Core.Priors;

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
        VariationalAutoencoder model = Assemble(configuration, shape, seed, training, CPU);
        ParameterInitializer.Initialize(
            model, new RandomStream((ulong)seed, RandomPurpose.ParameterInitialization), configuration.Initializer);
        return model;
    }

    /// <summary>A model whose parameters have their names and shapes but no memory behind them, and which computes nothing.</summary>
    /// <param name="configuration">What is wanted.</param>
    /// <param name="shape">The images' shape.</param>
    public static VariationalAutoencoder Outline(ModelConfiguration configuration, ImageShape shape) =>
        Assemble(configuration, shape, seed: 0, training: null, META);

    private static VariationalAutoencoder Assemble(
        ModelConfiguration configuration, ImageShape shape, long seed, ImageSet? training, Device device)
    {
        Likelihood likelihood = configuration.Likelihood.Build(shape);
        PosteriorConfiguration posterior = configuration.Posterior;
        GaussianEncoder encoder = configuration.Encoder.BuildEncoder(
            shape, configuration.Latent, new LogVarianceBound(posterior.LogVarianceMinimum, posterior.LogVarianceMaximum), device);
        return new VariationalAutoencoder(
            encoder,
            configuration.Decoder.BuildDecoder(configuration.Latent, shape, likelihood.OutputsPerPixel, device),
            configuration.Prior.Build(new PriorContext(configuration.Latent, encoder.forward, shape.PixelCount, seed, training, device)),
            likelihood)
        {
            BuildAnother = () => Build(configuration, shape, seed),
        };
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
            float[] mean = transform.MeanTarget(images, byChannel: model.Decoder.SharesBias);
            model.Decoder.SetOutputBias(model.Likelihood.OutputForMean(mean));
        }
    }
}
