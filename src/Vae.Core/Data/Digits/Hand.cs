using Vae.Core.Engine;

namespace Vae.Core.Data.Digits;

/// <summary>How one digit is written: the factors that generate an image besides the digit itself and the small tremble of the hand.</summary>
/// <param name="Slant">Horizontal shift per height, positive to the right at the top.</param>
/// <param name="Rotation">Counter-clockwise turn in radians.</param>
/// <param name="Thickness">Width of the stroke in pixels.</param>
/// <param name="Scale">Height relative to 20 pixels.</param>
/// <param name="Aspect">Width relative to the usual.</param>
/// <param name="ShiftX">Shift to the right in pixels.</param>
/// <param name="ShiftY">Shift downwards in pixels.</param>
internal readonly record struct Hand(
    double Slant, double Rotation, double Thickness, double Scale, double Aspect, double ShiftX, double ShiftY)
{
    /// <summary>The names of the factors, in the order of <see cref="CopyTo"/>.</summary>
    public static readonly string[] FactorNames = ["slant", "rotation", "thickness", "scale", "aspect", "shift_x", "shift_y"];

    /// <summary>Draws a way of writing.</summary>
    public static Hand Draw(RandomSequence random) => new(
        Slant: 0.13 + (0.2 * Bell(random)),
        Rotation: 0.08 * Bell(random),
        Thickness: Math.Max(1.3, 2.4 + (0.55 * Bell(random))),
        Scale: 0.91 + (0.05 * Bell(random)),
        Aspect: 1.1 + (0.13 * Bell(random)),
        ShiftX: 0.5 * Bell(random),
        ShiftY: 0.5 * Bell(random));

    /// <summary>A bell-shaped number of mean 0 and variance 1 between ±√12: the sum of four uniform ones, free of logarithms and sines.</summary>
    public static double Bell(RandomSequence random) =>
        (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.7320508075688772;

    /// <summary>Writes the factors in the order of their names.</summary>
    public void CopyTo(Span<float> factors)
    {
        ReadOnlySpan<double> values = [Slant, Rotation, Thickness, Scale, Aspect, ShiftX, ShiftY];
        for (int i = 0; i < values.Length; i++)
        {
            factors[i] = (float)values[i];
        }
    }
}
