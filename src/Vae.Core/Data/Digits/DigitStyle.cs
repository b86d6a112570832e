using System.Numerics.Tensors;

namespace Vae.Core.Data.Digits;

/// <summary>What sets one drawn digit apart from another of the same shape; all but the last two are kept as generating factors.</summary>
/// <param name="Slant">How far the digit leans to the right: pixels to the right for each pixel upwards.</param>
/// <param name="Thickness">The nominal diameter of the pen in pixels.</param>
/// <param name="Scale">Nominal height of the digit, before its points are jittered: 1 for 20 pixels.</param>
/// <param name="Aspect">Width of the digit over the width of its shape at the same height.</param>
/// <param name="Rotation">Clockwise turn in radians.</param>
/// <param name="ShiftX">Pixels to the right from the image's centre to the centre of the digit's bounding box.</param>
/// <param name="ShiftY">Pixels downwards from the image's centre to the centre of the digit's bounding box.</param>
/// <param name="Wobble">A smooth displacement, as a slightly unsteady hand makes it.</param>
/// <param name="Pressure">How the pen's diameter changes along a stroke.</param>
internal readonly record struct DigitStyle(
    double Slant,
    double Thickness,
    double Scale,
    double Aspect,
    double Rotation,
    double ShiftX,
    double ShiftY,
    Wobble Wobble,
    Pressure Pressure)
{
    /// <summary>The names of the kept factors in the order of <see cref="WriteFactors"/>.</summary>
    public static IReadOnlyList<string> FactorNames { get; } = ["slant", "thickness", "scale", "aspect", "rotation", "shift_x", "shift_y"];

    public static DigitStyle Draw(RandomSequence random) => new(
        Slant: 0.12 + (0.17 * random.NextBell()),
        Thickness: 2.5 + (0.4 * random.NextBell()),
        Scale: 0.96 + (0.045 * random.NextBell()),
        Aspect: 1 + (0.12 * random.NextBell()),
        Rotation: 0.05 * random.NextBell(),
        ShiftX: 0.5 * random.NextBell(),
        ShiftY: 0.5 * random.NextBell(),
        Wobble.Draw(random),
        Pressure.Draw(random));

    public void WriteFactors(Span<float> factors) =>
        TensorPrimitives.ConvertTruncating<double, float>([Slant, Thickness, Scale, Aspect, Rotation, ShiftX, ShiftY], factors);
}

/// <summary>A displacement in pixels by one wave in each direction, of a length near that of the digit.</summary>
internal readonly record struct Wobble(
    double AmplitudeX, double FrequencyX, double PhaseX, double AmplitudeY, double FrequencyY, double PhaseY)
{
    public static Wobble Draw(RandomSequence random) => new(
        AmplitudeX: 0.45 * random.NextBell(),
        FrequencyX: random.NextBetween(0.025, 0.06),
        PhaseX: random.NextDouble(),
        AmplitudeY: 0.35 * random.NextBell(),
        FrequencyY: random.NextBetween(0.025, 0.06),
        PhaseY: random.NextDouble());

    public (double X, double Y) Move(double x, double y) => (
        x + (AmplitudeX * PortableMath.SinTurns((FrequencyX * y) + PhaseX)),
        y + (AmplitudeY * PortableMath.SinTurns((FrequencyY * x) + PhaseY)));
}

/// <summary>A change of the pen's diameter along a stroke by one wave, as a share of the diameter.</summary>
internal readonly record struct Pressure(double Amplitude, double Frequency, double Phase)
{
    public static Pressure Draw(RandomSequence random) =>
        new(0.06 * random.NextBell(), random.NextBetween(0.4, 1.2), random.NextDouble());

    /// <param name="along">0 where the stroke begins, 1 where it ends.</param>
    public double At(double along) => 1 + (Amplitude * PortableMath.SinTurns((Frequency * along) + Phase));
}

/// <summary>Distributions that need no function of the C library.</summary>
internal static class RandomShapes
{
    /// <summary>A nearly normal number of mean 0 and standard deviation 1: the sum of four uniform ones, never beyond ±3.47.</summary>
    public static double NextBell(this RandomSequence random)
    {
        const double SquareRootOf3 = 1.7320508075688772;
        double sum = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble();
        return (sum - 2) * SquareRootOf3;
    }

    /// <summary>A number between -1 and 1, small ones likelier.</summary>
    public static double NextTriangular(this RandomSequence random) => random.NextDouble() - random.NextDouble();

    /// <summary>A uniform number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static double NextBetween(this RandomSequence random, double low, double high) => low + ((high - low) * random.NextDouble());
}
