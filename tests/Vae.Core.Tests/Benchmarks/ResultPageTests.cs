using Vae.Benchmarks;

namespace Vae.Core.Tests.Benchmarks;

public sealed class ResultPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vae-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Only_what_stands_between_the_comments_is_replaced()
    {
        string page = $"before\n{ResultPage.Begin}\nold\n{ResultPage.End}\nafter\n";
        string once = ResultPage.Replace(page, "new\n", "page.md");
        Assert.Equal($"before\n{ResultPage.Begin}\n\nnew\n\n{ResultPage.End}\nafter\n", once);
        Assert.Equal(once, ResultPage.Replace(once, "new\n", "page.md"));
        Assert.Throws<InvalidDataException>(() => ResultPage.Replace("nothing", "new", "page.md"));
    }

    [Fact]
    public void Results_of_the_same_machine_that_were_not_measured_again_stay_in_the_file()
    {
        string path = Path.Combine(_folder, "bench.json");
        BenchResults results = new() { Machine = Machine.Here(new BenchOptions()), Rounds = 7, RoundSeconds = 1 };
        results.With(Case("mlp-128", 1)).With(Case("mlp-20", 1)).MergeInto(path);
        results.With(Case("mlp-128", 2)).MergeInto(path);
        BenchResults merged = BenchResults.Read(path);
        Assert.Equal([("mlp-20", 1.0), ("mlp-128", 2.0)], merged.Cases.Select(one => (one.Name, one.SecondsPerUnit["ours"][0])));
        (results with { Machine = results.Machine with { Processor = "another" } }).With(Case("mlp-20", 3)).MergeInto(path);
        Assert.Equal("mlp-20", Assert.Single(BenchResults.Read(path).Cases).Name);
    }

    [Fact]
    public void The_table_gives_speed_ratios_with_their_range_and_times()
    {
        CaseResult one = (Case("mlp-128", 0.004) with
        {
            SecondsPerUnit = new Dictionary<string, double[]>
            {
                ["ours"] = [0.004, 0.004],
                ["pytorch"] = [0.008, 0.01],
                ["torchsharp"] = [0.002, 0.002],
                ["floor"] = [0.0025, 0.0025],
            },
            Peers = new Dictionary<string, PeerResult>
            {
                ["pytorch"] = new() { Versions = new() { ["version"] = "1.13" }, PeakBytes = 500_000_000 },
                ["torchsharp"] = new() { Versions = new() { ["version"] = "0.107" }, PeakBytes = 700_000_000 },
            },
            AllocatedBytesPerUnit = 2_048,
        }).WithRatios();
        string table = ResultTable.Of(
            new BenchResults { Machine = Machine.Here(new BenchOptions()), Rounds = 7, RoundSeconds = 1 }.With(one));
        Assert.Contains(
            "| PyTorch 1.13, images/s | ratio (range) | plain TorchSharp 0.107, images/s | ratio (range) |",
            table,
            StringComparison.Ordinal);
        Assert.Contains(
            "| mlp-128 | 32,000 | 14,222 | 2.25 (2.00–2.50) | 64,000 | 0.50 | 4.00 | 2.50 | 1.60 | 2.05 |  | 500 | 700 |",
            table,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_peer_its_columns_are_left_out()
    {
        string table = ResultTable.Of(
            new BenchResults { Machine = Machine.Here(new BenchOptions()), Rounds = 7, RoundSeconds = 1 }.With(Case("mlp-128", 0.004)));
        Assert.DoesNotContain("PyTorch", table, StringComparison.Ordinal);
        Assert.Contains("| mlp-128 | 32,000 | 4.00 |", table, StringComparison.Ordinal);
    }

    private static CaseResult Case(string name, double seconds) => new()
    {
        Name = name,
        Title = name,
        Unit = "step",
        ImagesPerUnit = 128,
        SecondsPerUnit = new Dictionary<string, double[]> { ["ours"] = [seconds] },
    };
}
