using ScottPlot.Plottables;

namespace ScottPlot;

/// <summary>Adds things to draw; each new one takes the next colour of Category10.</summary>
public class PlottableAdder
{
    private static readonly Color[] Category10 =
    [
        Colors.C0, Colors.C1, Colors.C2, Colors.C3, Colors.C4, Colors.C5, Colors.C6, Colors.C7, Colors.C8, Colors.C9,
    ];

    private int _colorsGiven;

    internal PlottableAdder(Plot plot) => Plot = plot;

    public Plot Plot { get; }

    public Scatter Scatter(double[] xs, double[] ys, Color? color = null)
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        if (xs.Length != ys.Length)
        {
            throw new ArgumentException($"{xs.Length} x values against {ys.Length} y values.", nameof(ys));
        }

        Scatter scatter = new(xs, ys) { Color = color ?? GetNextColor() };
        Plot.Plottables.Add(scatter);
        return scatter;
    }

    public Scatter ScatterLine(double[] xs, double[] ys, Color? color = null)
    {
        Scatter scatter = Scatter(xs, ys, color);
        scatter.MarkerSize = 0;
        return scatter;
    }

    public Scatter ScatterPoints(double[] xs, double[] ys, Color? color = null)
    {
        Scatter scatter = Scatter(xs, ys, color);
        scatter.LineWidth = 0;
        return scatter;
    }

    private Color GetNextColor() => Category10[_colorsGiven++ % Category10.Length];
}
