using System.Globalization;
using System.Text;
using ScottPlot.Plottables;

namespace ScottPlot.Rendering;

/// <summary>Draws one series: a line that breaks at points that are not finite, and markers.</summary>
internal static class DataLine
{
    public static void Draw(SvgBuilder svg, Scatter scatter, Layout layout)
    {
        List<List<(double X, double Y)>> runs = Runs(scatter, layout);
        if (scatter.LineWidth > 0)
        {
            string path = string.Join(' ', runs.Where(run => run.Count > 1).Select(Path));
            if (path.Length > 0)
            {
                DrawStroke(svg, scatter, path);
            }
        }

        // A lone point has no line to it; without a dot it would vanish.
        double loneRadius = Math.Max(scatter.LineWidth, scatter.MarkerSize / 2);
        foreach (List<(double X, double Y)> run in runs)
        {
            double radius = run.Count == 1 ? loneRadius : scatter.MarkerSize / 2;
            foreach ((double x, double y) in run)
            {
                DrawMarker(svg, scatter, x, y, radius);
            }
        }
    }

    /// <summary>The short stretch of line that stands for the series in the legend.</summary>
    public static void DrawSample(SvgBuilder svg, Scatter scatter, double left, double right, double y)
    {
        if (scatter.LineWidth > 0)
        {
            DrawStroke(svg, scatter, Path([(left, y), (right, y)]));
        }

        DrawMarker(svg, scatter, (left + right) / 2, y, scatter.MarkerSize / 2);
    }

    private static List<List<(double X, double Y)>> Runs(Scatter scatter, Layout layout)
    {
        List<List<(double X, double Y)>> runs = [];
        bool broken = true;
        for (int i = 0; i < scatter.Xs.Length; i++)
        {
            (double x, double y) = (scatter.Xs[i], scatter.Ys[i]);
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                broken = true;
                continue;
            }

            if (broken)
            {
                runs.Add([]);
                broken = false;
            }

            runs[^1].Add((layout.PixelX(x), layout.PixelY(y)));
        }

        return runs;
    }

    private static string Path(List<(double X, double Y)> points)
    {
        StringBuilder path = new();
        for (int i = 0; i < points.Count; i++)
        {
            path.Append(i == 0 ? "M" : " L")
                .Append(CultureInfo.InvariantCulture, $"{SvgBuilder.Number(points[i].X)} {SvgBuilder.Number(points[i].Y)}");
        }

        return path.ToString();
    }

    private static void DrawStroke(SvgBuilder svg, Scatter scatter, string path)
    {
        string dashes = string.Join(' ', scatter.LinePattern.Intervals.Select(length => SvgBuilder.Number(length)));
        svg.Element("path", ("d", path), ("fill", "none"), ("stroke", SvgBuilder.Rgb(scatter.Color)),
            ("stroke-opacity", scatter.Color.Alpha / 255.0), ("stroke-width", scatter.LineWidth),
            ("stroke-linejoin", "round"), ("stroke-dasharray", dashes.Length == 0 ? "none" : dashes));
    }

    private static void DrawMarker(SvgBuilder svg, Scatter scatter, double x, double y, double radius)
    {
        if (radius > 0)
        {
            svg.Element("circle", ("cx", x), ("cy", y), ("r", radius), ("fill", SvgBuilder.Rgb(scatter.Color)),
                ("fill-opacity", scatter.Color.Alpha / 255.0));
        }
    }
}
