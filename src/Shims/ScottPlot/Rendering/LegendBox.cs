using ScottPlot.Plottables;

namespace ScottPlot.Rendering;

/// <summary>The legend: one row an entry, in a box inside the data area at the place asked for.</summary>
internal static class LegendBox
{
    private const double FontSize = 12;
    private const double RowHeight = 19;
    private const double SymbolWidth = 30;
    private const double Inset = 9;
    private const double Margin = 9;

    public static void Draw(SvgBuilder svg, Plot plot, Layout layout)
    {
        List<Scatter> entries = [.. plot.Plottables.Where(scatter => scatter.IsVisible && scatter.LegendText.Length > 0)];
        if (!plot.Legend.IsVisible || entries.Count == 0)
        {
            return;
        }

        double width = (3 * Inset) + SymbolWidth + entries.Max(entry => TextSize.Width(entry.LegendText, FontSize));
        double height = (2 * Inset) + (RowHeight * entries.Count) - 4;
        // The enumeration runs through rows of three: upper, middle, lower; in each left, centre, right.
        (int row, int column) = Math.DivRem((int)plot.Legend.Alignment, 3);
        double left = Place(layout.Left, layout.PlotWidth, width, column);
        double top = Place(layout.Top, layout.PlotHeight, height, row);

        svg.Open("g", ("class", "legend"), ("font-size", FontSize));
        svg.Element("rect", ("x", left), ("y", top), ("width", width), ("height", height), ("rx", 3),
            ("fill", "#ffffff"), ("fill-opacity", 0.88), ("stroke", "#c8c8c8"), ("stroke-width", 0.8));
        for (int i = 0; i < entries.Count; i++)
        {
            double middle = top + Inset - 2 + (RowHeight * (i + 0.5));
            double symbol = left + Inset;
            DataLine.DrawSample(svg, entries[i], symbol, symbol + SymbolWidth, middle);
            svg.Text(entries[i].LegendText, ("x", symbol + SymbolWidth + Inset), ("y", middle + (0.35 * FontSize)));
        }

        svg.Close();
    }

    private static double Place(double start, double length, double size, int third) =>
        start + Margin + ((length - size - (2 * Margin)) * third / 2);
}
