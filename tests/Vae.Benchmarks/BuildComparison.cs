namespace Vae.Benchmarks;

/// <summary>
/// This build against another of the same benchmark: each turn is a fresh process of either, which measures one round of a case without
/// peers. So the other may be an older build, of other libraries too; it need only know the case.
/// </summary>
internal static class BuildComparison
{
    private static readonly (string Ending, double Seconds)[] TimeUnits = [(", ms", 1e-3), (", s", 1)];

    /// <summary>A result for each time that the case tells.</summary>
    public static IEnumerable<CaseResult> Measure(BenchOptions options, BenchmarkCase one)
    {
        Console.Error.WriteLine($"{one.Name}: {one.Title}…");
        (BuiltBench ours, BuiltBench other) = (BuiltBench.Here(options), BuiltBench.In(options.Against!));
        BenchOptions turn = options with { Against = null, Rounds = 1, Peer = null, WithoutPyTorch = false, WithoutPeer = true };
        (BenchResults, BenchResults)[] rounds = new (BenchResults, BenchResults)[options.Rounds];
        for (int i = 0; i < rounds.Length; i++)
        {
            rounds[i] = (ours.Measure(turn, one, quiet: true), other.Measure(turn, one, quiet: true));
        }

        return Join(rounds);
    }

    /// <summary>Results of one case, round by round, as those of two sides.</summary>
    internal static IEnumerable<CaseResult> Join(IReadOnlyList<(BenchResults Ours, BenchResults Other)> rounds)
    {
        (CaseResult first, CaseResult other) = (rounds[0].Ours.Cases.Single(), rounds[0].Other.Cases.Single());
        foreach (string time in Times(first).Keys.Intersect(Times(other).Keys))
        {
            yield return new CaseResult
            {
                Name = time.Length == 0 ? first.Name : $"{first.Name}: {time}",
                Title = time.Length == 0 ? first.Title : $"{first.Title}: {time}",
                Unit = first.Unit,
                ImagesPerUnit = first.ImagesPerUnit,
                SecondsPerUnit = new Dictionary<string, double[]>
                {
                    ["ours"] = [.. rounds.Select(round => Times(round.Ours.Cases.Single())[time])],
                    [PeerProgram.OtherBuildName] = [.. rounds.Select(round => Times(round.Other.Cases.Single())[time])],
                },
                OurSetting = first.OurSetting,
                Peers = new Dictionary<string, PeerResult>
                {
                    [PeerProgram.OtherBuildName] = new()
                    {
                        Setting = other.OurSetting,
                        Versions = new() { ["version"] = $"on libtorch {rounds[0].Other.Machine.Libtorch}" },
                        PeakBytes = other.PeakBytes,
                    },
                },
                AllocatedBytesPerUnit = first.AllocatedBytesPerUnit,
                PeakBytes = first.PeakBytes,
            }.WithRatios();
        }
    }

    /// <summary>Seconds by what took them; the unit of a case has no name.</summary>
    private static Dictionary<string, double> Times(CaseResult one)
    {
        Dictionary<string, double> times = [];
        if (one.SecondsPerUnit.TryGetValue("ours", out double[]? seconds))
        {
            times[string.Empty] = Spread.Of(seconds).Median;
        }

        foreach ((string name, Spread value) in one.Figures ?? new Dictionary<string, Spread>())
        {
            if (TimeUnits.FirstOrDefault(unit => name.EndsWith(unit.Ending, StringComparison.Ordinal)) is { Ending: { } ending } unit)
            {
                times[name[..^ending.Length]] = value.Median * unit.Seconds;
            }
        }

        return times;
    }
}
