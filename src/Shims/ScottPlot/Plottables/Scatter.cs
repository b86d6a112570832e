namespace ScottPlot.Plottables;

/// <summary>Points joined by a line, with a marker on each where <see cref="MarkerSize"/> is above zero.</summary>
public class Scatter
{
    internal Scatter(double[] xs, double[] ys)
    {
        Xs = xs;
        Ys = ys;
    }

    public string LegendText { get; set; } = string.Empty;
    public bool IsVisible { get; set; } = true;
    public float LineWidth { get; set; } = 1;
    public LinePattern LinePattern { get; set; } = LinePattern.Solid;
    public float MarkerSize { get; set; } = 5;
    public Color Color { get; set; }

    internal double[] Xs { get; }
    internal double[] Ys { get; }
}
