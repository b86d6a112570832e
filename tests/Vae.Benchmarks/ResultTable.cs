using System.Globalization;
using System.Text;

namespace Vae.Benchmarks;

/// <summary>Results as Markdown.</summary>
internal static class ResultTable
{
    /// <summary>Where and how, then a row a comparison, then a row for each other figure.</summary>
    public static string Of(BenchResults results)
    {
        StringBuilder text = new();
        Machine machine = results.Machine;
        text.Append(
            CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Processors} processors, {machine.System}; {machine.Runtime}, ");
        text.Append(CultureInfo.InvariantCulture, $"TorchSharp {machine.TorchSharp}, libtorch {machine.Libtorch}; ");
        text.Append(machine.IsCpu ? "" : $"both sides on {machine.Device}; ");
        text.Append(machine.Environment.Length == 0 ? "no variable of the environment set that tunes a library" : machine.Environment);
        text.Append(CultureInfo.InvariantCulture, $". {results.Rounds} rounds of about {results.RoundSeconds} s.\n\n");
        CaseResult[] compared = [.. results.Cases.Where(one => one.SecondsPerUnit.Count > 0)];
        if (compared.Length > 0)
        {
            AddComparisons(text, compared);
        }

        (CaseResult Case, string Name, Spread Value)[] figures =
            [.. results.Cases.SelectMany(one => one.Figures?.Select(figure => (one, figure.Key, figure.Value)) ?? [])];
        if (figures.Length > 0)
        {
            text.Append(compared.Length > 0 ? "\n" : string.Empty).Append("| case | figure | median (range) |\n| --- | --- | ---: |\n");
            foreach ((CaseResult one, string name, Spread value) in figures)
            {
                string figure = IsCount(value) ? value.Median.ToString("N0", CultureInfo.InvariantCulture) : Range(value);
                text.Append(CultureInfo.InvariantCulture, $"| {one.Title} | {name} | {figure} |\n");
            }
        }

        return text.ToString();
    }

    private static void AddComparisons(StringBuilder text, CaseResult[] cases)
    {
        string[] peers = [.. PeerProgram.Titles.Keys.Where(name => cases.Any(one => one.Peers.ContainsKey(name)))];
        bool hasFloor = cases.Any(one => one.OverFloor is not null);
        string[] heads =
        [
            "case", "vae, images/s", .. peers.SelectMany(name => new[] { $"{Titled(cases, name)}, images/s", "ratio (range)" }), "time, ms",
            .. hasFloor ? ["floor, ms", "time / floor (range)"] : Array.Empty<string>(), "garbage, kB", "peak, MB",
            .. peers.Select(name => $"{PeerProgram.Titles[name]}'s peak, MB"),
        ];
        AddRow(text, heads);
        AddRow(text, heads.Select((_, i) => i == 0 ? "---" : "---:"));
        foreach (CaseResult one in cases)
        {
            AddRow(text,
            [
                one.Title, Rate(one, "ours"),
                .. peers.SelectMany(name => new[] { Rate(one, name), Range(one.Speedups.GetValueOrDefault(name)) }),
                Milliseconds(one, "ours"),
                .. hasFloor ? [Milliseconds(one, "floor"), Range(one.OverFloor)] : Array.Empty<string>(),
                Scaled(one.AllocatedBytesPerUnit, 1e3),
                Scaled(one.PeakBytes, 1e6), .. peers.Select(name => Scaled(one.Peers.GetValueOrDefault(name)?.PeakBytes, 1e6)),
            ]);
        }
    }

    private static string Titled(CaseResult[] cases, string peer)
    {
        IEnumerable<string> versions = cases
            .Select(one => one.Peers.GetValueOrDefault(peer)?.Versions?["version"]?.ToString())
            .OfType<string>();
        return $"{PeerProgram.Titles[peer]} {string.Join(", ", versions.Distinct())}";
    }

    private static void AddRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Rate(CaseResult one, string side) =>
        Median(one, side) is { } seconds && one.ImagesPerUnit > 0 ? Number(one.ImagesPerUnit / seconds) : string.Empty;

    private static string Milliseconds(CaseResult one, string side) =>
        Median(one, side) is { } seconds ? Number(1e3 * seconds) : string.Empty;

    private static double? Median(CaseResult one, string side) =>
        one.SecondsPerUnit.TryGetValue(side, out double[]? seconds) ? Spread.Of(seconds).Median : null;

    private static string Scaled(double? value, double unit) => value is { } known ? Number(known / unit) : string.Empty;

    private static bool IsCount(Spread value) => value.Least == value.Most && double.IsInteger(value.Median);

    private static string Range(Spread? spread) => spread is null
        ? string.Empty
        : spread.Least == spread.Most
            ? Number(spread.Median) // measured once
            : string.Create(CultureInfo.InvariantCulture, $"{Number(spread.Median)} ({Number(spread.Least)}–{Number(spread.Most)})");

    /// <summary>Three digits that count, or all of a larger whole part.</summary>
    private static string Number(double value)
    {
        double size = Math.Abs(value);
        string format = size >= 100 ? "N0" : size >= 10 ? "F1" : size >= 0.1 || size == 0 ? "F2" : "G2";
        return value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
    }
}
