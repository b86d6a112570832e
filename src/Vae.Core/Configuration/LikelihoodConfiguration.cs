namespace Vae.Core.Configuration;

/// <summary>How a density is given the 8-bit pixels of an image.</summary>
public enum DensityTarget
{
    /// <summary>(value + u) / 256 with u uniform: figures are those of the 8-bit image.</summary>
    Dequantized,

    /// <summary>value / 255: figures are log-densities, and no bits per dimension.</summary>
    UnitInterval,
}

/// <summary>The distribution of an image given its code.</summary>
public abstract record LikelihoodConfiguration
{
    internal static readonly Kind<LikelihoodConfiguration>[] Kinds =
    [
        Kind.Of<LikelihoodConfiguration, BernoulliLikelihoodConfiguration>("bernoulli"),
        Kind.Of<LikelihoodConfiguration, ContinuousBernoulliLikelihoodConfiguration>(
            "continuous_bernoulli", ContinuousBernoulliLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, GaussianLikelihoodConfiguration>("gaussian", GaussianLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, LaplaceLikelihoodConfiguration>("laplace", LaplaceLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, DiscretizedLogisticLikelihoodConfiguration>(
            "discretized_logistic", DiscretizedLogisticLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, CategoricalLikelihoodConfiguration>("categorical"),
    ];
}

/// <summary>Independent binary pixels, from logits.</summary>
public sealed record BernoulliLikelihoodConfiguration : LikelihoodConfiguration;

/// <summary>A density over grey pixels.</summary>
public abstract record DensityLikelihoodConfiguration : LikelihoodConfiguration
{
    /// <summary>How the density is given 8-bit pixels.</summary>
    public DensityTarget Target { get; init; } = DensityTarget.Dequantized;

    private protected static DensityTarget MapTarget(ConfigurationVisitor visitor, DensityTarget value) => visitor.Choice(
        "target", value, "\"dequantized\" scores (value + noise) / 256 as nats of the 8-bit image, \"unit_interval\" value / 255 as a bare density");
}

/// <summary>Independent grey pixels in [0, 1], from logits (Loaiza-Ganem and Cunningham 2019).</summary>
public sealed record ContinuousBernoulliLikelihoodConfiguration : DensityLikelihoodConfiguration
{
    internal static ContinuousBernoulliLikelihoodConfiguration Map(
        ConfigurationVisitor visitor, ContinuousBernoulliLikelihoodConfiguration value) => value with
        {
            Target = MapTarget(visitor, value.Target),
        };
}

/// <summary>Independent Gaussian pixels.</summary>
public sealed record GaussianLikelihoodConfiguration : DensityLikelihoodConfiguration
{
    /// <summary>Where the variance comes from.</summary>
    public ScaleConfiguration Variance { get; init; } = new AnalyticScaleConfiguration();

    internal static GaussianLikelihoodConfiguration Map(ConfigurationVisitor visitor, GaussianLikelihoodConfiguration value) => value with
    {
        Variance = visitor.Variant("variance", value.Variance, ScaleConfiguration.GaussianKinds, "where the variance of a pixel comes from"),
        Target = MapTarget(visitor, value.Target),
    };
}

/// <summary>Independent Laplace pixels.</summary>
public sealed record LaplaceLikelihoodConfiguration : DensityLikelihoodConfiguration
{
    /// <summary>Where the scale comes from.</summary>
    public ScaleConfiguration Scale { get; init; } = new AnalyticScaleConfiguration();

    internal static LaplaceLikelihoodConfiguration Map(ConfigurationVisitor visitor, LaplaceLikelihoodConfiguration value) => value with
    {
        Scale = visitor.Variant("scale", value.Scale, ScaleConfiguration.LaplaceKinds, "where the scale of a pixel comes from"),
        Target = MapTarget(visitor, value.Target),
    };
}

/// <summary>Independent pixels of 256 levels, each an interval of a logistic distribution (Salimans et al. 2017).</summary>
public sealed record DiscretizedLogisticLikelihoodConfiguration : LikelihoodConfiguration
{
    /// <summary>Where the scale comes from.</summary>
    public ScaleConfiguration Scale { get; init; } = new LearnedPixelScaleConfiguration();

    internal static DiscretizedLogisticLikelihoodConfiguration Map(
        ConfigurationVisitor visitor, DiscretizedLogisticLikelihoodConfiguration value) => value with
        {
            Scale = visitor.Variant("scale", value.Scale, ScaleConfiguration.LogisticKinds, "where the scale of a pixel comes from"),
        };
}

/// <summary>Independent pixels of 256 levels, each with a probability of its own.</summary>
public sealed record CategoricalLikelihoodConfiguration : LikelihoodConfiguration;
