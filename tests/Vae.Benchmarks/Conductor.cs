namespace Vae.Benchmarks;

/// <summary>Measures one case in this process, several each in a process of its own, and writes what came of it.</summary>
internal static class Conductor
{
    private const int Defect = 70;

    public static int Run(BenchOptions options)
    {
        if (options.Help || options.List)
        {
            Console.WriteLine(
                options.Help ? BenchOptions.Usage : string.Join('\n', Cases.All.Select(one => $"{one.Name,-14} {one.Title}")));
            return 0;
        }

        string? json = options.Json ?? (options.Page is { } page ? ResultPage.JsonBeside(page) : null);
        bool allMeasured = options.Render || Measure(options, Choose(options.Cases), json);
        if (options.Page is { } place)
        {
            ResultPage.Update(place, BenchResults.Read(json!));
        }

        return allMeasured ? 0 : Defect;
    }

    /// <summary>Whether every case could be measured.</summary>
    private static bool Measure(BenchOptions options, List<BenchmarkCase> cases, string? json)
    {
        (string? python, string reason) = options.Against is null ? PeerProgram.FindPython(options) : default;
        if (!string.IsNullOrEmpty(reason))
        {
            Console.Error.WriteLine(reason);
        }

        options = options with { Peer = python, WithoutPyTorch = python is null };
        PeerProgram[] peers =
        [
            .. python is null ? Array.Empty<PeerProgram>() : [PeerProgram.PyTorch(python)],
            .. options.WithoutPeer ? Array.Empty<PeerProgram>() : [PeerProgram.TorchSharp],
        ];
        BenchResults results = new() { Machine = Machine.Here(options), Rounds = options.Rounds, RoundSeconds = options.RoundSeconds };
        bool allMeasured = true;
        foreach (BenchmarkCase one in cases)
        {
            if (one.Obstacle(options) is { } obstacle)
            {
                Console.Error.WriteLine($"{one.Name} is left out: {obstacle}");
                allMeasured &= !options.Cases.Contains(one.Name); // who asked for all did not ask for this one
                continue;
            }

            try
            {
                results = Measure(options, one, peers, apart: cases.Count > 1).Aggregate(results, (all, result) => all.With(result));
            }
            catch (InvalidOperationException failure)
            {
                Console.Error.WriteLine($"{one.Name}: {failure.Message}");
                allMeasured = false;
                continue;
            }

            if (json is not null)
            {
                results.MergeInto(json); // after each case, so that a run that is broken off leaves what it had
            }
        }

        Console.Write(ResultTable.Of(results));
        return allMeasured;
    }

    private static IEnumerable<CaseResult> Measure(BenchOptions options, BenchmarkCase one, PeerProgram[] peers, bool apart)
    {
        if (options.Against is not null)
        {
            return BuildComparison.Measure(options, one);
        }

        if (!apart)
        {
            return [one.Measure(new BenchContext(options, peers))];
        }

        Console.Error.WriteLine($"{one.Name}: {one.Title}…");
        return BuiltBench.Here(options).Measure(options, one).Cases;
    }

    private static List<BenchmarkCase> Choose(IReadOnlyList<string> names)
    {
        string[] unknown = [.. names.Where(name => Cases.All.All(one => one.Name != name))];
        return unknown.Length == 0
            ? [.. Cases.All.Where(one => names.Count == 0 || names.Contains(one.Name))]
            : throw new ArgumentException($"there is no case {string.Join(", ", unknown)}; --list names them");
    }
}
