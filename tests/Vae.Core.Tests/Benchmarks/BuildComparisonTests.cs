using Vae.Benchmarks;

namespace Vae.Core.Tests.Benchmarks;

public class BuildComparisonTests
{
    [Fact]
    public void Times_of_two_builds_are_joined_round_by_round()
    {
        CaseResult result = Assert.Single(BuildComparison.Join(
        [
            (Steps(0.002), Steps(0.001)),
            (Steps(0.004), Steps(0.006)),
            (Steps(0.002), Steps(0.002)),
        ]));

        Assert.Equal("mlp-20", result.Name);
        Assert.Equal([0.002, 0.004, 0.002], result.SecondsPerUnit["ours"]);
        Assert.Equal([0.001, 0.006, 0.002], result.SecondsPerUnit["other"]);
        Assert.Equal(new Spread(1, 0.5, 1.5), result.Speedups["other"]);
    }

    [Fact]
    public void Figures_in_units_of_time_are_compared_each_and_others_are_not()
    {
        CaseResult[] results = [.. BuildComparison.Join([(Start(30, 0.9), Start(45, 1.8))])];

        Assert.Equal(["version: the program", "version: files read"], results.Select(result => result.Name));
        Assert.Equal([0.030, 0.9], results.Select(result => result.SecondsPerUnit["ours"][0]));
        Assert.Equal([1.5, 2.0], results.Select(result => result.Speedups["other"].Median));
    }

    [Fact]
    public void The_table_names_the_libraries_of_the_other_build()
    {
        BenchResults joined = BuildComparison.Join([(Steps(0.002), Steps(0.003))]).Aggregate(Results(), (all, one) => all.With(one));
        string table = ResultTable.Of(joined);
        Assert.Contains(
            $"the other build on libtorch {Results().Machine.Libtorch}, images/s | ratio (range)", table, StringComparison.Ordinal);
        Assert.Contains("| mlp-20 | 10,000 | 6,667 | 1.50 |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkout_without_a_build_is_refused_with_what_to_build()
    {
        ArgumentException problem = Assert.Throws<ArgumentException>(() => BuiltBench.In(Path.GetTempPath()));
        Assert.Contains("dotnet build", problem.Message, StringComparison.Ordinal);
    }

    private static BenchResults Results() => new() { Machine = Machine.Here(new BenchOptions()), Rounds = 1, RoundSeconds = 1 };

    private static BenchResults Steps(double seconds) => Results().With(new CaseResult
    {
        Name = "mlp-20",
        Title = "mlp-20",
        Unit = "step",
        ImagesPerUnit = 20,
        SecondsPerUnit = new Dictionary<string, double[]> { ["ours"] = [seconds], ["floor"] = [seconds / 2] },
    });

    private static BenchResults Start(double milliseconds, double seconds) => Results().With(new CaseResult
    {
        Name = "version",
        Title = "version",
        Unit = "start",
        Figures = new Dictionary<string, Spread>
        {
            ["the program, ms"] = Spread.Of([milliseconds]),
            ["files read, s"] = Spread.Of([seconds]),
            ["live tensors"] = Spread.Of([1]),
        },
    });
}
