namespace Vae.Core.Distributions;

/// <summary>m + softplus(h − m) − softplus(h − M): rises strictly from m to M, and is h well inside.</summary>
internal static class SmoothClamp
{
    /// <summary>Keeps every number between the limits.</summary>
    /// <param name="unbounded">h, of any shape, float32 or float64.</param>
    /// <param name="minimum">m.</param>
    /// <param name="maximum">M.</param>
    /// <returns>Of the same shape.</returns>
    public static Tensor Apply(Tensor unbounded, double minimum, double maximum) =>
        unbounded.clamp(minimum, maximum) // the sum below equals the formula above, but every softplus is of a number ≤ 0 and none cancels
            + (unbounded - minimum).abs().neg().softplus()
            - (unbounded - maximum).abs().neg().softplus();
}
