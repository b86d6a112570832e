using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Vae.Core.Imaging;

/// <summary>Images a second at one batch size.</summary>
/// <param name="BatchSize">Images in a batch, at least 1.</param>
/// <param name="ImagesPerSecond">Above 0.</param>
public readonly record struct ThroughputPoint(int BatchSize, double ImagesPerSecond);

/// <summary>The throughput of one trainer.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">In the order of batch sizes.</param>
/// <param name="IsLimit">Whether it only shows what the others could reach at most; drawn dashed.</param>
public sealed record ThroughputSeries(string Name, IReadOnlyList<ThroughputPoint> Points, bool IsLimit = false);

/// <summary>
/// Draws throughput over batch size. Both axes are logarithms to base 2, so that the same distance upwards is the same factor everywhere: one
/// unit is twice as fast.
/// </summary>
public static class ThroughputPlot
{
    private const double Margin = 0.25;

    // Room above the lines for a row of the legend.
    private const double LegendRow = 0.2;

    private static readonly Color[] ByPlace = [Colors.C0, Colors.C1, Colors.C2, Colors.C3];

    /// <summary>The figure as an SVG document.</summary>
    /// <param name="series">One line each.</param>
    /// <param name="title">What stands above the figure.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">There is no point, or one has no logarithm.</exception>
    public static string Render(IReadOnlyList<ThroughputSeries> series, string title, int width = 840, int height = 520)
    {
        ArgumentNullException.ThrowIfNull(series);
        ThroughputPoint[] all = [.. series.SelectMany(one => one.Points)];
        if (all.Length == 0 || all.Any(point => point.BatchSize < 1 || !(point.ImagesPerSecond > 0) || !double.IsFinite(point.ImagesPerSecond)))
        {
            throw new ArgumentException("throughput needs points with positive, finite values", nameof(series));
        }

        using Plot plot = new();
        plot.Title(title);
        plot.XLabel($"log₂ of the batch size ({string.Join(", ", all.Select(point => point.BatchSize).Distinct().Order().Select(size => size.ToString(CultureInfo.InvariantCulture)))})");
        plot.YLabel("log₂ of thousand images/s: one up is twice as fast");
        for (int i = 0; i < series.Count; i++)
        {
            Draw(plot, series[i], series[i].IsLimit ? Colors.C7 : ByPlace[i % ByPlace.Length]);
        }

        double top = all.Max(Y) + Margin + (LegendRow * series.Count);
        plot.Axes.SetLimits(all.Min(X) - Margin, all.Max(X) + Margin, all.Min(Y) - Margin, top);
        plot.ShowLegend(Alignment.UpperLeft);
        return plot.GetSvgXml(width, height);
    }

    private static void Draw(Plot plot, ThroughputSeries series, Color color)
    {
        Scatter line = plot.Add.ScatterLine(series.Points.Select(X).ToArray(), series.Points.Select(Y).ToArray(), color);
        // The numbers themselves in the legend spare reading a logarithm back.
        ThroughputPoint first = series.Points[0];
        ThroughputPoint last = series.Points[^1];
        line.LegendText = string.Create(
            CultureInfo.InvariantCulture,
            $"{series.Name}: {first.ImagesPerSecond:N0} images/s at {first.BatchSize}, {last.ImagesPerSecond:N0} at {last.BatchSize}");
        line.LineWidth = 1.8f;
        line.LinePattern = series.IsLimit ? LinePattern.DenselyDashed : LinePattern.Solid;
        line.MarkerSize = 6;
    }

    private static double X(ThroughputPoint point) => Math.Log2(point.BatchSize);

    private static double Y(ThroughputPoint point) => Math.Log2(point.ImagesPerSecond / 1000);
}
