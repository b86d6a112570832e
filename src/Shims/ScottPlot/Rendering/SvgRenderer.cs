namespace ScottPlot.Rendering;

/// <summary>Draws a whole figure: grid, data, frame, ticks, labels, legend, in this order from back to front.</summary>
internal static class SvgRenderer
{
    private const string Ink = "#262626";
    private const string GridColor = "#e4e4e4";
    private const string Fonts = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

    public static string Render(Plot plot, int width, int height)
    {
        Layout layout = new(plot, width, height);
        SvgBuilder svg = new();
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height),
            ("viewBox", $"0 0 {width} {height}"), ("font-family", Fonts), ("fill", Ink));
        svg.Element("rect", ("width", width), ("height", height), ("fill", "#ffffff"));
        DrawGrid(svg, layout);
        DrawData(svg, plot, layout);
        svg.Element("rect", ("class", "frame"), ("x", layout.Left), ("y", layout.Top), ("width", layout.PlotWidth),
            ("height", layout.PlotHeight), ("fill", "none"), ("stroke", Ink), ("stroke-width", 1));
        DrawTickMarks(svg, layout);
        DrawTickLabels(svg, layout);
        DrawTitles(svg, plot, layout, height);
        LegendBox.Draw(svg, plot, layout);
        svg.Close();
        return svg.ToString();
    }

    private static void DrawGrid(SvgBuilder svg, Layout layout)
    {
        svg.Open("g", ("class", "grid"), ("stroke", GridColor), ("stroke-width", 0.8));
        foreach (double x in layout.XTicks.Major.Select(layout.PixelX))
        {
            svg.Element("line", ("x1", x), ("y1", layout.Top), ("x2", x), ("y2", layout.Bottom));
        }

        foreach (double y in layout.YTicks.Major.Select(layout.PixelY))
        {
            svg.Element("line", ("x1", layout.Left), ("y1", y), ("x2", layout.Right), ("y2", y));
        }

        svg.Close();
    }

    /// <summary>
    /// A nested svg element cuts off what lies outside it, as a clipping path would, but needs no id, which would
    /// clash where several figures stand in one page.
    /// </summary>
    private static void DrawData(SvgBuilder svg, Plot plot, Layout layout)
    {
        string area = string.Join(' ', new[] { layout.Left, layout.Top, layout.PlotWidth, layout.PlotHeight }.Select(SvgBuilder.Number));
        svg.Open("svg", ("class", "data"), ("x", layout.Left), ("y", layout.Top), ("width", layout.PlotWidth),
            ("height", layout.PlotHeight), ("viewBox", area), ("overflow", "hidden"));
        foreach (Plottables.Scatter scatter in plot.Plottables.Where(scatter => scatter.IsVisible))
        {
            DataLine.Draw(svg, scatter, layout);
        }

        svg.Close();
    }

    private static void DrawTickMarks(SvgBuilder svg, Layout layout)
    {
        svg.Open("g", ("class", "ticks"), ("stroke", Ink), ("stroke-width", 1));
        DrawXTicks(svg, layout, layout.XTicks.Major, Layout.TickLength);
        DrawYTicks(svg, layout, layout.YTicks.Major, Layout.TickLength);
        DrawXTicks(svg, layout, layout.XTicks.Minor, Layout.MinorTickLength);
        DrawYTicks(svg, layout, layout.YTicks.Minor, Layout.MinorTickLength);
        svg.Close();
    }

    private static void DrawXTicks(SvgBuilder svg, Layout layout, IEnumerable<double> ticks, double length)
    {
        foreach (double x in ticks.Select(layout.PixelX))
        {
            svg.Element("line", ("x1", x), ("y1", layout.Bottom), ("x2", x), ("y2", layout.Bottom + length));
        }
    }

    private static void DrawYTicks(SvgBuilder svg, Layout layout, IEnumerable<double> ticks, double length)
    {
        foreach (double y in ticks.Select(layout.PixelY))
        {
            svg.Element("line", ("x1", layout.Left - length), ("y1", y), ("x2", layout.Left), ("y2", y));
        }
    }

    private static void DrawTickLabels(SvgBuilder svg, Layout layout)
    {
        const double Size = Layout.TickFontSize;
        svg.Open("g", ("class", "x-labels"), ("font-size", Size), ("text-anchor", "middle"));
        foreach ((double x, string label) in layout.XTicks.Major.Zip(layout.XTicks.Labels))
        {
            svg.Text(label, ("x", layout.PixelX(x)), ("y", layout.Bottom + Layout.TickLength + 2 + Size));
        }

        svg.Close();
        svg.Open("g", ("class", "y-labels"), ("font-size", Size), ("text-anchor", "end"));
        foreach ((double y, string label) in layout.YTicks.Major.Zip(layout.YTicks.Labels))
        {
            svg.Text(label, ("x", layout.Left - Layout.TickLength - 3), ("y", layout.PixelY(y) + (0.35 * Size)));
        }

        svg.Close();
    }

    private static void DrawTitles(SvgBuilder svg, Plot plot, Layout layout, int height)
    {
        double centerX = layout.Left + (layout.PlotWidth / 2);
        double centerY = layout.Top + (layout.PlotHeight / 2);
        svg.Open("g", ("class", "titles"), ("text-anchor", "middle"));
        if (plot.TitleLabel.Text.Length > 0)
        {
            svg.Text(plot.TitleLabel.Text, ("class", "title"), ("x", centerX), ("y", layout.Top - 10), ("font-size", plot.TitleLabel.Size),
                ("font-weight", "bold"));
        }

        if (plot.XAxisLabel.Text.Length > 0)
        {
            svg.Text(plot.XAxisLabel.Text, ("class", "x-title"), ("x", centerX), ("y", height - Layout.Padding),
                ("font-size", plot.XAxisLabel.Size));
        }

        if (plot.YAxisLabel.Text.Length > 0)
        {
            double x = Layout.Padding + (0.75 * plot.YAxisLabel.Size);
            string turn = $"rotate(-90 {SvgBuilder.Number(x)} {SvgBuilder.Number(centerY)})";
            svg.Text(plot.YAxisLabel.Text, ("class", "y-title"), ("x", x), ("y", centerY), ("font-size", plot.YAxisLabel.Size),
                ("transform", turn));
        }

        svg.Close();
    }
}
