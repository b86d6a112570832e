namespace Vae.Core.Models;

/// <summary>Where the bias of the decoder's last layer starts.</summary>
public enum OutputBias
{
    /// <summary>Where the initializer puts it.</summary>
    Initializer,

    /// <summary>Where a decoder that ignores its code gives the mean of the training images (Burda et al. 2015).</summary>
    DataMean,
}

/// <summary>What a model is built for.</summary>
/// <param name="Image">The images' shape.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Training">The training images, for what starts from data; null where a checkpoint will overwrite the weights.</param>
/// <param name="Device">Where it is made; on META parameters have no memory behind them.</param>
internal sealed record ModelContext(ImageShape Image, long Seed, ImageSet? Training, Device Device);

/// <summary>A family of models with its keys; what all families have in common stands here.</summary>
internal abstract record ModelConfiguration
{
    internal static readonly Kind<ModelConfiguration>[] Kinds =
    [
        Kind.Of<ModelConfiguration, GaussianVaeConfiguration>("vae", GaussianVaeConfiguration.Map) with { IsImplied = true },
        Kind.Of<ModelConfiguration, VqVaeConfiguration>("vq_vae", VqVaeConfiguration.Map),
    ];

    /// <summary>The distribution of an image given its code.</summary>
    public LikelihoodConfiguration Likelihood { get; init; } = new BernoulliLikelihoodConfiguration();

    /// <summary>The network from image to code.</summary>
    public NetworkConfiguration Encoder { get; init; } = new MlpConfiguration();

    /// <summary>The network from code to the parameters of the likelihood.</summary>
    public NetworkConfiguration Decoder { get; init; } = new MlpConfiguration();

    /// <summary>How the first weights are drawn.</summary>
    public Initializer Initializer { get; init; } = Initializer.Pytorch;

    /// <summary>Where the bias of the decoder's last layer starts.</summary>
    public OutputBias OutputBias { get; init; } = OutputBias.Initializer;

    /// <summary>Whether latents are vectors with Gaussian posteriors.</summary>
    public virtual bool HasGaussianPosterior => false;

    /// <summary>Whether the KL has a closed form that is a sum over latent dimensions.</summary>
    public virtual bool KlIsSumOverDimensions => false;

    /// <summary>What is wrong with the keys together.</summary>
    internal virtual IEnumerable<ConfigurationError> Check(string path) =>
        Encoder.Check($"{path}.encoder").Concat(Decoder.Check($"{path}.decoder"));

    /// <summary>Builds the model of a <see cref="ModelContext"/> on the CPU, with weights drawn from the seed.</summary>
    internal LatentModel Build(ImageShape shape, long seed, ImageSet? training = null)
    {
        LatentModel model = Assemble(new ModelContext(shape, seed, training, CPU));
        model.BuildAnother = () => Build(shape, seed);
        ParameterInitializer.Initialize(model, new RandomStream((ulong)seed, RandomPurpose.ParameterInitialization), Initializer);
        return model;
    }

    /// <summary>The model's parameters with their names and shapes but no memory behind them; it computes nothing.</summary>
    internal LatentModel Outline(ImageShape shape) => Assemble(new ModelContext(shape, Seed: 0, Training: null, META));

    /// <summary>Sets the parameters of a new model that start from the training images, whose pixels a transform makes targets.</summary>
    internal void InitializeFromData(LatentModel model, ImageSet images, PixelTransform transform)
    {
        if (OutputBias == OutputBias.DataMean)
        {
            float[] mean = transform.MeanTarget(images, byChannel: model.Decoder.SharesBias);
            model.Decoder.SetOutputBias(model.Likelihood.OutputForMean(mean));
        }
    }

    /// <summary>Joins the parts, whose weights are still to be drawn.</summary>
    private protected abstract LatentModel Assemble(ModelContext context);

    private protected static LikelihoodConfiguration MapLikelihood(ConfigurationVisitor visitor, LikelihoodConfiguration value) =>
        visitor.Variant("likelihood", value, LikelihoodConfiguration.Kinds, "the distribution of an image given its code");

    private protected static Initializer MapInitializer(ConfigurationVisitor visitor, Initializer value) =>
        visitor.Choice("initializer", value, "how the first weights are drawn");

    private protected static OutputBias MapOutputBias(ConfigurationVisitor visitor, OutputBias value) =>
        visitor.Choice("output_bias", value, "where the bias of the decoder's last layer starts");
}
