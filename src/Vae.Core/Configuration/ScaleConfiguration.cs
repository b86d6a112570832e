namespace Vae.Core.Configuration;

/// <summary>Where the scale of a likelihood's pixels comes from.</summary>
public abstract record ScaleConfiguration
{
    private static readonly Kind<ScaleConfiguration>[] Learned =
    [
        Kind.Of<ScaleConfiguration, LearnedScalarScaleConfiguration>("learned_scalar"),
        Kind.Of<ScaleConfiguration, LearnedPixelScaleConfiguration>("learned_pixel"),
    ];

    private static readonly Kind<ScaleConfiguration> Analytic = Kind.Of<ScaleConfiguration, AnalyticScaleConfiguration>("analytic");

    internal static readonly Kind<ScaleConfiguration>[] GaussianKinds = [Fixed("sigma", "the standard deviation"), .. Learned, Analytic];

    internal static readonly Kind<ScaleConfiguration>[] LaplaceKinds = [Fixed("scale", "the mean absolute deviation"), .. Learned, Analytic];

    internal static readonly Kind<ScaleConfiguration>[] LogisticKinds = Learned;

    private static Kind<ScaleConfiguration> Fixed(string key, string meaning) => Kind.Of<ScaleConfiguration, FixedScaleConfiguration>(
        "fixed", (visitor, value) => value with { Scale = visitor.Real(key, value.Scale, FixedScaleConfiguration.Limits, meaning + ", where white is 1") });
}

/// <summary>Given, and the same for all pixels.</summary>
public sealed record FixedScaleConfiguration : ScaleConfiguration
{
    /// <summary>So far from 0 and infinity that float32 holds every square.</summary>
    internal static readonly Interval Limits = new(1e-6, true, 1e6);

    /// <summary>The scale, in units of white.</summary>
    public double Scale { get; init; } = 1;
}

/// <summary>One for all pixels, learned.</summary>
public sealed record LearnedScalarScaleConfiguration : ScaleConfiguration;

/// <summary>One for each pixel, from the decoder.</summary>
public sealed record LearnedPixelScaleConfiguration : ScaleConfiguration;

/// <summary>One for all pixels, in each step the best for the batch (σ-VAE, Rybkin et al. 2021).</summary>
public sealed record AnalyticScaleConfiguration : ScaleConfiguration;
