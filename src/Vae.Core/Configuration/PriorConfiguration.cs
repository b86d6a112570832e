namespace Vae.Core.Configuration;

/// <summary>The distribution of codes.</summary>
public abstract record PriorConfiguration
{
    internal const int MostComponents = 100_000;

    internal static readonly Kind<PriorConfiguration>[] Kinds =
    [
        Kind.Of<PriorConfiguration, StandardNormalPriorConfiguration>("standard_normal"),
        Kind.Of<PriorConfiguration, MixturePriorConfiguration>("mixture", MixturePriorConfiguration.Map),
        Kind.Of<PriorConfiguration, VampPriorConfiguration>("vamp", VampPriorConfiguration.Map),
    ];
}

/// <summary>N(0, I).</summary>
public sealed record StandardNormalPriorConfiguration : PriorConfiguration;

/// <summary>A mixture of Gaussians with diagonal covariance that is learned with the model.</summary>
public sealed record MixturePriorConfiguration : PriorConfiguration
{
    /// <summary>Gaussians in the mixture.</summary>
    public int Components { get; init; } = 10;

    /// <summary>Standard deviation of the means at the start; the components themselves start with 1.</summary>
    public double Spread { get; init; } = 1;

    internal static MixturePriorConfiguration Map(ConfigurationVisitor visitor, MixturePriorConfiguration value) => value with
    {
        Components = visitor.Integer("components", value.Components, 1, MostComponents, "Gaussians in the mixture"),
        Spread = visitor.Real("spread", value.Spread, Interval.Positive, "standard deviation of the means at the start"),
    };
}

/// <summary>Where the pseudo-inputs of a VampPrior start.</summary>
public enum PseudoInputStart
{
    /// <summary>At training images.</summary>
    Images,

    /// <summary>At the mean of the training images.</summary>
    Mean,
}

/// <summary>The mixture of posteriors at learned pseudo-inputs (Tomczak and Welling 2018).</summary>
public sealed record VampPriorConfiguration : PriorConfiguration
{
    /// <summary>Pseudo-inputs, each a component of the mixture.</summary>
    public int PseudoInputs { get; init; } = 500;

    /// <summary>Where they start.</summary>
    public PseudoInputStart Start { get; init; } = PseudoInputStart.Images;

    /// <summary>Standard deviation of the noise that is added to them at the start, on the scale of pixels in [0, 1].</summary>
    public double StartNoise { get; init; } = 0.01;

    internal static VampPriorConfiguration Map(ConfigurationVisitor visitor, VampPriorConfiguration value) => value with
    {
        PseudoInputs = visitor.Integer("pseudo_inputs", value.PseudoInputs, 1, MostComponents, "each is a component of the mixture"),
        Start = visitor.Choice("start", value.Start, "where they start: at training images or at their mean"),
        StartNoise = visitor.Real(
            "start_noise", value.StartNoise, Interval.NotNegative, "standard deviation of the noise added at the start; pixels are in [0, 1]"),
    };
}
