using Vae.Core.Likelihoods;
using Vae.Core.Networks;
using Vae.Core.Priors;

namespace Vae.Core.Configuration;

/// <summary>The generative model and its posterior.</summary>
public sealed record ModelConfiguration
{
    /// <summary>Dimensions of the latent space.</summary>
    public int Latent { get; init; } = 20;

    /// <summary>The distribution of an image given its code.</summary>
    public LikelihoodConfiguration Likelihood { get; init; } = new BernoulliLikelihoodConfiguration();

    /// <summary>The distribution of codes.</summary>
    public PriorConfiguration Prior { get; init; } = new StandardNormalPriorConfiguration();

    /// <summary>The distribution of codes given an image.</summary>
    public PosteriorConfiguration Posterior { get; init; } = new();

    /// <summary>The network from image to posterior.</summary>
    public NetworkConfiguration Encoder { get; init; } = new MlpConfiguration();

    /// <summary>The network from code to the parameters of the likelihood.</summary>
    public NetworkConfiguration Decoder { get; init; } = new MlpConfiguration();

    /// <summary>How the first weights are drawn.</summary>
    public Initializer Initializer { get; init; } = Initializer.Pytorch;

    /// <summary>Where the bias of the decoder's last layer starts.</summary>
    public OutputBiasKind OutputBias { get; init; } = OutputBiasKind.Initializer;

    /// <summary>Whether the KL has a closed form that is a sum over latent dimensions.</summary>
    public bool KlIsSumOverDimensions => Prior.HasClosedFormKl;

    internal static ModelConfiguration Map(ConfigurationVisitor visitor, ModelConfiguration value) => value with
    {
        Latent = visitor.Integer("latent", value.Latent, 1, 100_000, "dimensions of the latent space"),
        Likelihood = visitor.Variant(
            "likelihood", value.Likelihood, LikelihoodConfiguration.Kinds, "the distribution of an image given its code"),
        Prior = visitor.Variant("prior", value.Prior, PriorConfiguration.Kinds, "the distribution of codes"),
        Posterior = visitor.Section("posterior", value.Posterior, PosteriorConfiguration.Map, "the distribution of codes given an image"),
        Encoder = visitor.Variant("encoder", value.Encoder, NetworkConfiguration.EncoderKinds, "the network from image to posterior"),
        Decoder = visitor.Variant(
            "decoder", value.Decoder, NetworkConfiguration.DecoderKinds, "the network from code to the likelihood's parameters"),
        Initializer = visitor.Choice("initializer", value.Initializer, "how the first weights are drawn"),
        OutputBias = visitor.Choice("output_bias", value.OutputBias, "where the bias of the decoder's last layer starts"),
    };
}

/// <summary>Where the bias of the decoder's last layer starts.</summary>
public enum OutputBiasKind
{
    /// <summary>Where the initializer puts it.</summary>
    Initializer,

    /// <summary>Where a decoder that ignores its code gives the mean of the training images (Burda et al. 2015).</summary>
    DataMean,
}
