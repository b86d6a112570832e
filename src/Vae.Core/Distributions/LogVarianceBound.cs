namespace Vae.Core.Distributions;

/// <summary>
/// Keeps a log-variance within limits, smoothly: f(h) = m + softplus(h − m) − softplus(h − M), which rises strictly from m to M. Well
/// inside it is the identity, f(h) − h = softplus(m − h) − softplus(h − M), an error of less than e^−d at a distance d from the nearer
/// limit. So unlike a clamp it has a gradient everywhere that float can hold, and a unit that strayed comes back.
/// </summary>
/// <param name="Minimum">m, the lower limit.</param>
/// <param name="Maximum">M, the upper limit.</param>
internal sealed record LogVarianceBound(double Minimum, double Maximum)
{
    /// <summary>Limits so wide ([−30, 30]) that in float32 nothing changes for |h| up to about 13; they only keep exp(h) finite.</summary>
    public static LogVarianceBound Wide { get; } = new(-30, 30);

    internal static LogVarianceBound Map(ConfigurationVisitor visitor, LogVarianceBound value) => new(
        visitor.Real("log_variance_minimum", value.Minimum, new Interval(-100, true, 0), "the log-variance stays above this, smoothly"),
        visitor.Real("log_variance_maximum", value.Maximum, new Interval(0, false, 100), "the log-variance stays below this, smoothly"));

    /// <summary>f(h).</summary>
    /// <param name="unbounded">h, of any shape, float32 or float64.</param>
    /// <returns>Of the same shape.</returns>
    public Tensor Apply(Tensor unbounded) => SmoothClamp.Apply(unbounded, Minimum, Maximum);
}

/// <summary>m + softplus(h − m) − softplus(h − M): rises strictly from m to M, and is h well inside.</summary>
internal static class SmoothClamp
{
    /// <summary>Of h of any shape, float32 or float64, the same shape.</summary>
    public static Tensor Apply(Tensor unbounded, double minimum, double maximum) =>
        unbounded.clamp(minimum, maximum) // the sum below equals the formula above, but every softplus is of a number ≤ 0 and none cancels
            + (unbounded - minimum).abs().neg().softplus()
            - (unbounded - maximum).abs().neg().softplus();
}
