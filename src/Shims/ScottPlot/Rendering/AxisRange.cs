namespace ScottPlot.Rendering;

/// <summary>What an axis shows, from its left or bottom end to the other; <see cref="To"/> is smaller where the axis is inverted.</summary>
internal readonly record struct AxisRange(double From, double To)
{
    // Beyond this, differences and pixel positions would overflow.
    private const double Largest = 1e300;

    public static AxisRange Default { get; } = new(-10, 10);

    public double Low => Math.Min(From, To);
    public double High => Math.Max(From, To);

    /// <summary>A range wide enough to be divided: a single value is given room on both sides.</summary>
    public static AxisRange Between(double from, double to)
    {
        if (double.IsNaN(from) || double.IsNaN(to))
        {
            throw new ArgumentException("An axis limit is not a number.");
        }

        from = Math.Clamp(from, -Largest, Largest);
        to = Math.Clamp(to, -Largest, Largest);
        double magnitude = Math.Max(Math.Abs(from), Math.Abs(to));
        double least = magnitude == 0 ? 1e-300 : magnitude * 1e-9;
        if (Math.Abs(to - from) >= least)
        {
            return new AxisRange(from, to);
        }

        double half = magnitude == 0 ? 0.5 : magnitude * 0.05;
        return new AxisRange(from - half, to + half);
    }

    /// <summary>Both ends moved outward by half of <paramref name="fraction"/> of the width.</summary>
    public AxisRange Widened(double fraction)
    {
        double by = (To - From) * fraction / 2;
        return new AxisRange(From - by, To + by);
    }

    public AxisRange Inverted() => new(To, From);

    /// <summary>0 at <see cref="From"/>, 1 at <see cref="To"/>.</summary>
    public double Fraction(double value) => (value - From) / (To - From);
}
