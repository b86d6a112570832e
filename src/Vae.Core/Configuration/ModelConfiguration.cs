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

    /// <summary>The network from image to posterior.</summary>
    public NetworkConfiguration Encoder { get; init; } = new MlpConfiguration();

    /// <summary>The network from code to the parameters of the likelihood.</summary>
    public NetworkConfiguration Decoder { get; init; } = new MlpConfiguration();
}

/// <summary>The distribution of an image given its code.</summary>
public abstract record LikelihoodConfiguration;

/// <summary>Independent binary pixels, from logits.</summary>
public sealed record BernoulliLikelihoodConfiguration : LikelihoodConfiguration;

/// <summary>The distribution of codes.</summary>
public abstract record PriorConfiguration;

/// <summary>N(0, I).</summary>
public sealed record StandardNormalPriorConfiguration : PriorConfiguration;
