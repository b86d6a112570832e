using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Likelihoods;
using Vae.Core.Networks;
using Vae.Core.Priors;

namespace Vae.Core.Models;

/// <summary>Where the bias of the decoder's last layer starts.</summary>
internal enum OutputBias
{
    /// <summary>Where the initializer puts it.</summary>
    Initializer,

    /// <summary>Where a decoder that ignores its code gives the mean of the training images (Burda et al. 2015).</summary>
    DataMean,
}

/// <summary>The generative model and its posterior.</summary>
internal sealed record ModelConfiguration
{
    public int Latent { get; init; } = 20;
    public LikelihoodConfiguration Likelihood { get; init; } = new BernoulliLikelihoodConfiguration();
    public PriorConfiguration Prior { get; init; } = new StandardNormalPriorConfiguration();
    public LogVarianceBound Posterior { get; init; } = LogVarianceBound.Wide;
    public NetworkConfiguration Encoder { get; init; } = new MlpConfiguration();
    public NetworkConfiguration Decoder { get; init; } = new MlpConfiguration();
    public Initializer Initializer { get; init; } = Initializer.Pytorch;
    public OutputBias OutputBias { get; init; } = OutputBias.Initializer;

    /// <summary>Whether the KL has a closed form that is a sum over latent dimensions.</summary>
    public bool KlIsSumOverDimensions => Prior.HasClosedFormKl;

    public static ModelConfiguration Map(ConfigurationVisitor visitor, ModelConfiguration value) => value with
    {
        Latent = visitor.Integer("latent", value.Latent, 1, 100_000, "dimensions of the latent space"),
        Likelihood = visitor.Variant(
            "likelihood", value.Likelihood, LikelihoodConfiguration.Kinds, "the distribution of an image given its code"),
        Prior = visitor.Variant("prior", value.Prior, PriorConfiguration.Kinds, "the distribution of codes"),
        Posterior = visitor.Section("posterior", value.Posterior, LogVarianceBound.Map, "the distribution of codes given an image"),
        Encoder = visitor.Variant("encoder", value.Encoder, NetworkConfiguration.EncoderKinds, "the network from image to posterior"),
        Decoder = visitor.Variant(
            "decoder", value.Decoder, NetworkConfiguration.DecoderKinds, "the network from code to the likelihood's parameters"),
        Initializer = visitor.Choice("initializer", value.Initializer, "how the first weights are drawn"),
        OutputBias = visitor.Choice("output_bias", value.OutputBias, "where the bias of the decoder's last layer starts"),
    };

    /// <summary>What is wrong with the keys together.</summary>
    public IEnumerable<ConfigurationError> Check(string path) => Encoder.Check($"{path}.encoder").Concat(Decoder.Check($"{path}.decoder"));

    /// <summary>Builds the model for images of the shape, with weights drawn from the seed, on the CPU.</summary>
    /// <param name="shape">The images' shape.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="training">
    /// The training images, for what starts from data; null where a checkpoint will overwrite the weights, so that no data are needed.
    /// </param>
    public VariationalAutoencoder Build(ImageShape shape, long seed, ImageSet? training = null)
    {
        VariationalAutoencoder model = Assemble(shape, seed, training, CPU);
        ParameterInitializer.Initialize(model, new RandomStream((ulong)seed, RandomPurpose.ParameterInitialization), Initializer);
        return model;
    }

    /// <summary>The model's parameters with their names and shapes but no memory behind them; it computes nothing.</summary>
    public VariationalAutoencoder Outline(ImageShape shape) => Assemble(shape, seed: 0, training: null, META);

    /// <summary>Sets the parameters of a new model that start from the training images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The training images.</param>
    /// <param name="transform">How their pixels become targets.</param>
    public void InitializeFromData(VariationalAutoencoder model, ImageSet images, PixelTransform transform)
    {
        if (OutputBias == OutputBias.DataMean)
        {
            float[] mean = transform.MeanTarget(images, byChannel: model.Decoder.SharesBias);
            model.Decoder.SetOutputBias(model.Likelihood.OutputForMean(mean));
        }
    }

    private VariationalAutoencoder Assemble(ImageShape shape, long seed, ImageSet? training, Device device)
    {
        Likelihood likelihood = Likelihood.Build(shape);
        GaussianEncoder encoder = Encoder.BuildEncoder(shape, Latent, Posterior, device);
        return new VariationalAutoencoder(
            encoder,
            Decoder.BuildDecoder(Latent, shape, likelihood.OutputsPerPixel, device),
            Prior.Build(new PriorContext(Latent, encoder.forward, shape.PixelCount, seed, training, device)),
            likelihood)
        {
            BuildAnother = () => Build(shape, seed),
        };
    }
}
