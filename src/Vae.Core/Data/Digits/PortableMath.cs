namespace Vae.Core.Data.Digits;

/// <summary>
/// Functions made of additions and multiplications only: those of the C library differ between machines in their last bits, and pixels must
/// not.
/// </summary>
internal static class PortableMath
{
    /// <summary>The sine of an angle in full turns, to 1e-9.</summary>
    public static double SinTurns(double turns)
    {
        double t = turns - Math.Floor(turns + 0.5);
        if (t > 0.25)
        {
            t = 0.5 - t;
        }
        else if (t < -0.25)
        {
            t = -0.5 - t;
        }

        // The Taylor polynomial of degree 13 on [-π/2, π/2].
        double x = 2 * Math.PI * t;
        double s = x * x;
        double series = 1.0 - (s / (10 * 11) * (1.0 - (s / (12 * 13))));
        series = 1.0 - (s / (8 * 9) * series);
        series = 1.0 - (s / (6 * 7) * series);
        series = 1.0 - (s / (4 * 5) * series);
        series = 1.0 - (s / (2 * 3) * series);
        return x * series;
    }

    /// <summary>The cosine of an angle in full turns, to 1e-9.</summary>
    public static double CosTurns(double turns) => SinTurns(turns + 0.25);

    /// <summary>0 up to 0, 1 from 1 on, and between them a cubic that is level at both ends.</summary>
    public static double SmoothStep(double t) => t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - (2 * t));
}
