using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using Vae.Core.Imaging;

namespace Vae.Benchmarks;

/// <summary>Images a second at one batch size.</summary>
/// <param name="BatchSize">Images in a batch, at least 1.</param>
/// <param name="ImagesPerSecond">Above 0.</param>
internal readonly record struct ThroughputPoint(int BatchSize, double ImagesPerSecond);

/// <summary>The throughput of one trainer.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">In the order of batch sizes.</param>
/// <param name="IsLimit">Whether it only shows what the others could reach at most; drawn dashed.</param>
internal sealed record ThroughputSeries(string Name, IReadOnlyList<ThroughputPoint> Points, bool IsLimit = false);

/// <summary>
/// Draws throughput over batch size. Both axes are logarithmic, so that the same distance upwards is the same factor everywhere: one step
/// of the grid is twice as fast.
/// </summary>
internal static class ThroughputPlot
{
    private const double Margin = 0.25;

    // So that the ticks are 1,000, 2,000, 4,000 …
    private const double ImagesAtZero = 1000;

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
        if (all.Length == 0
            || all.Any(point => point.BatchSize < 1 || !(point.ImagesPerSecond > 0) || !double.IsFinite(point.ImagesPerSecond)))
        {
            throw new ArgumentException("throughput needs points with positive, finite values", nameof(series));
        }

        double[] batches = [.. all.Select(X).Distinct().Order()];
        ChartAxis across = new("batch size", batches[0] - Margin, batches[^1] + Margin, Ticks(batches, 1));
        (double low, double high) = (Math.Floor(all.Min(Y) - 0.05), Math.Ceiling(all.Max(Y) + 0.05));
        IEnumerable<double> doublings = Enumerable.Range(0, (int)(high - low) + 1).Select(i => low + i);
        ChartAxis up = new("images a second", low, high, Ticks(doublings, ImagesAtZero));
        return new Chart(
            title, across, up, [.. series.Select((one, i) => LineOf(one, one.IsLimit ? Colors.C7 : ByPlace[i % ByPlace.Length]))])
            .ToSvg(width, height);
    }

    private static NumericManual Ticks(IEnumerable<double> logarithms, double unit)
    {
        NumericManual ticks = new();
        foreach (double logarithm in logarithms)
        {
            ticks.AddMajor(logarithm, Chart.Number(Math.Round(unit * Math.Pow(2, logarithm), 3)));
        }

        return ticks;
    }

    private static ChartLine LineOf(ThroughputSeries series, Color color)
    {
        // The numbers themselves in the legend spare reading a logarithm back.
        ThroughputPoint first = series.Points[0];
        ThroughputPoint last = series.Points[^1];
        return new ChartLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{series.Name}: {first.ImagesPerSecond:N0} images/s at {first.BatchSize}, {last.ImagesPerSecond:N0} at {last.BatchSize}"),
            color,
            [.. series.Points.Select(X)],
            [.. series.Points.Select(Y)],
            series.IsLimit,
            HasMarkers: true);
    }

    private static double X(ThroughputPoint point) => Math.Log2(point.BatchSize);

    private static double Y(ThroughputPoint point) => Math.Log2(point.ImagesPerSecond / ImagesAtZero);
}
