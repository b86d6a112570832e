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

    internal static ModelConfiguration Map(ConfigurationVisitor visitor, ModelConfiguration value) => value with
    {
        Latent = visitor.Integer("latent", value.Latent, 1, 100_000, "dimensions of the latent space"),
        Likelihood = visitor.Variant(
            "likelihood", value.Likelihood, LikelihoodConfiguration.Kinds, "the distribution of an image given its code"),
        Prior = visitor.Variant("prior", value.Prior, PriorConfiguration.Kinds, "the distribution of codes"),
        Posterior = visitor.Section("posterior", value.Posterior, PosteriorConfiguration.Map, "the distribution of codes given an image"),
        Encoder = visitor.Variant("encoder", value.Encoder, NetworkConfiguration.Kinds, "the network from image to posterior"),
        Decoder = visitor.Variant(
            "decoder", value.Decoder, NetworkConfiguration.Kinds, "the network from code to the likelihood's parameters"),
    };
}

/// <summary>The distribution of an image given its code.</summary>
public abstract record LikelihoodConfiguration
{
    internal static readonly Kind<LikelihoodConfiguration>[] Kinds =
        [Kind.Of<LikelihoodConfiguration, BernoulliLikelihoodConfiguration>("bernoulli")];
}

/// <summary>Independent binary pixels, from logits.</summary>
public sealed record BernoulliLikelihoodConfiguration : LikelihoodConfiguration;
