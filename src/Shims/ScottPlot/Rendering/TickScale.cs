using System.Globalization;

namespace ScottPlot.Rendering;

/// <summary>Round tick positions (steps of 1, 2 or 5 times a power of ten) and their labels.</summary>
internal sealed class TickScale
{
    private static readonly double[] RoundDigits = [1, 2, 5];

    private readonly double _step;

    private TickScale(double step, IReadOnlyList<double> major, IReadOnlyList<double> minor)
    {
        _step = step;
        Major = major;
        Minor = minor;
        Labels = [.. major.Select(Format)];
    }

    public IReadOnlyList<double> Major { get; }
    public IReadOnlyList<double> Minor { get; }
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The finest round scale with at most <paramref name="mostSteps"/> steps over the range.</summary>
    public static TickScale Over(AxisRange range, int mostSteps)
    {
        double rough = (range.High - range.Low) / Math.Max(1, mostSteps);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        // The quotient of a rough step that is itself round may come out a hair above it.
        double digit = RoundDigits.FirstOrDefault(digit => rough <= digit * power * (1 + 1e-9), 10.0);
        double step = digit * power;
        int parts = digit == 2.0 ? 4 : 5;
        List<double> major = Multiples(range, step, skipEvery: 0);
        List<double> minor = Multiples(range, step / parts, skipEvery: parts);
        return new TickScale(step, major, minor);
    }

    private static List<double> Multiples(AxisRange range, double step, int skipEvery)
    {
        List<double> values = [];
        double first = Math.Ceiling((range.Low / step) - 1e-9);
        double last = Math.Floor((range.High / step) + 1e-9);
        for (double index = first; index <= last; index++)
        {
            if (skipEvery == 0 || index % skipEvery != 0)
            {
                // Adding zero turns a negative zero into a plain one.
                values.Add((index * step) + 0.0);
            }
        }

        return values;
    }

    private string Format(double value)
    {
        double largest = Math.Max(Math.Abs(Major[0]), Math.Abs(Major[^1]));
        int exponent = largest == 0 ? 0 : (int)Math.Floor(Math.Log10(largest) + 1e-9);
        int stepExponent = (int)Math.Floor(Math.Log10(_step) + 1e-9);
        if (exponent is < 6 and > -4 && stepExponent > -7)
        {
            return Signed(value.ToString("F" + Math.Max(0, -stepExponent), CultureInfo.InvariantCulture));
        }

        int digits = Math.Clamp(exponent - stepExponent, 0, 15);
        string mantissa = (value / Math.Pow(10, exponent)).ToString("F" + digits, CultureInfo.InvariantCulture);
        return value == 0 ? "0" : Signed(mantissa) + "×10" + Superscript(exponent);
    }

    private static string Signed(string digits) => digits.Replace('-', '\u2212');

    private static string Superscript(int exponent) =>
        string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
