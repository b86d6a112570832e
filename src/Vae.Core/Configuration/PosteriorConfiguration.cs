namespace Vae.Core.Configuration;

/// <summary>The distribution of codes given an image: a Gaussian with diagonal covariance.</summary>
public sealed record PosteriorConfiguration
{
    private static readonly Interval BelowZero = new(-100, true, 0);
    private static readonly Interval AboveZero = new(0, false, 100);

    /// <summary>The log-variance stays above this, smoothly.</summary>
    public double LogVarianceMinimum { get; init; } = -30;

    /// <summary>The log-variance stays below this, smoothly.</summary>
    public double LogVarianceMaximum { get; init; } = 30;

    internal static PosteriorConfiguration Map(ConfigurationVisitor visitor, PosteriorConfiguration value) => value with
    {
        LogVarianceMinimum = visitor.Real(
            "log_variance_minimum", value.LogVarianceMinimum, BelowZero, "the log-variance stays above this, smoothly"),
        LogVarianceMaximum = visitor.Real(
            "log_variance_maximum", value.LogVarianceMaximum, AboveZero, "the log-variance stays below this, smoothly"),
    };
}
