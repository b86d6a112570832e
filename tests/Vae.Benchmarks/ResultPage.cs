using System.Globalization;
using System.Text;

namespace Vae.Benchmarks;

/// <summary>The part of a page that is made from results; what stands around it is written by hand.</summary>
internal static class ResultPage
{
    public const string Begin = "<!-- scripts/bench writes from here -->";
    public const string End = "<!-- to here -->";

    private const string ResultFolder = "results";
    private const string CaseFamily = "mlp-";

    /// <summary>The results beside a page.</summary>
    public static string JsonBeside(string page) => Beside(page, "bench.json");

    /// <summary>Writes the table into the page and the plot beside it.</summary>
    /// <exception cref="InvalidDataException">The page lacks a comment.</exception>
    public static void Update(string page, BenchResults results)
    {
        StringBuilder part = new(ResultTable.Of(results));
        if (Plot(results) is { } plot)
        {
            File.WriteAllText(Beside(page, "bench.svg"), plot);
            part.Append(CultureInfo.InvariantCulture, $"\n![throughput over batch size]({ResultFolder}/bench.svg)\n");
        }

        File.WriteAllText(page, Replace(File.ReadAllText(page), part.ToString(), page));
    }

    internal static string Replace(string text, string part, string page)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{text[..(begin + Begin.Length)]}\n\n{part}\n{text[end..]}"
            : throw new InvalidDataException($"{page} lacks the comments '{Begin}' and '{End}'");
    }

    private static string Beside(string page, string name) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(page))!, ResultFolder, name);

    /// <summary>Throughput of the MLP cases; null with fewer than two of them.</summary>
    private static string? Plot(BenchResults results)
    {
        CaseResult[] family = [.. results.Cases.Where(one => one.Name.StartsWith(CaseFamily, StringComparison.Ordinal))];
        ThroughputSeries[] series =
        [
            .. new Dictionary<string, string>([new("ours", "vae"), .. PeerProgram.Titles, new("floor", "matrix products alone")])
                .Select(side => new ThroughputSeries(side.Value, [.. family.SelectMany(one => Points(one, side.Key))], side.Key == "floor"))
                .Where(one => one.Points.Count > 1),
        ];
        return series.Length > 0 ? ThroughputPlot.Render(series, $"784-400-20, {results.Machine.Processors} processors") : null;
    }

    private static IEnumerable<ThroughputPoint> Points(CaseResult one, string side) =>
        one.SecondsPerUnit.TryGetValue(side, out double[]? seconds)
            ? [new ThroughputPoint(one.ImagesPerUnit, one.ImagesPerUnit / Spread.Of(seconds).Median)]
            : [];
}
