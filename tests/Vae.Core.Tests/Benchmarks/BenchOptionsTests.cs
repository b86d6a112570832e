using Vae.Benchmarks;

namespace Vae.Core.Tests.Benchmarks;

public class BenchOptionsTests
{
    [Fact]
    public void Without_arguments_all_cases_run_seven_rounds_of_a_second()
    {
        BenchOptions options = BenchOptions.Parse([]);
        Assert.Empty(options.Cases);
        Assert.Equal((7, 1.0, "cpu"), (options.Rounds, options.RoundSeconds, options.Device));
        Assert.Null(options.Peer);
        Assert.Null(options.Against);
        Assert.False(options.WithoutPeer || options.WithoutPyTorch);
    }

    [Fact]
    public void Cases_may_be_many_in_one_option_or_in_several()
    {
        string[] arguments = ["--case", "mlp-20", "mlp-128,eval", "--rounds", "3", "--case", "epoch", "--round-seconds", "0.2"];
        BenchOptions options = BenchOptions.Parse(arguments);
        Assert.Equal(["mlp-20", "mlp-128", "eval", "epoch"], options.Cases);
        Assert.Equal((3, 0.2), (options.Rounds, options.RoundSeconds));
    }

    [Fact]
    public void A_child_process_measures_one_case_in_the_same_way()
    {
        string[] arguments =
        [
            "--case", "mlp-20", "eval", "--rounds", "3", "--round-seconds", "0.25", "--peer", "python",
            "--device", "cuda", "--precision", "tf32", "--data", "d", "--nats", "120.5",
        ];
        BenchOptions options = BenchOptions.Parse(arguments);
        BenchOptions child = BenchOptions.Parse([.. options.ForChild("eval", "out.json")]);
        Assert.Equal(["eval"], child.Cases);
        Assert.Equal(options with { Cases = child.Cases, Json = "out.json" }, child);
        Assert.True(BenchOptions.Parse([.. BenchOptions.Parse(["--no-peer"]).ForChild("eval", "out.json")]).WithoutPeer);
        Assert.True(BenchOptions.Parse([.. BenchOptions.Parse(["--no-pytorch"]).ForChild("eval", "out.json")]).WithoutPyTorch);
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "many")]
    [InlineData("--rounds")]
    [InlineData("--round-seconds", "-1")]
    [InlineData("--round-seconds", "0")]
    [InlineData("--precision", "float64")]
    [InlineData("--case")]
    [InlineData("--case", "--rounds")]
    [InlineData("--render")]
    [InlineData("--against")]
    [InlineData("--against", "before", "--page", "page.md")]
    [InlineData("--speed")]
    [InlineData("mlp-20")]
    public void What_makes_no_sense_is_refused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => BenchOptions.Parse(arguments));

    [Fact]
    public void Threads_are_tried_in_doubling_steps_and_all_at_last()
    {
        Assert.Equal([1], TunedPeer.ThreadCounts(1));
        Assert.Equal([1, 2], TunedPeer.ThreadCounts(2));
        Assert.Equal([1, 2, 4, 6], TunedPeer.ThreadCounts(6));
    }

    [Fact]
    public void Without_a_Python_that_has_torch_a_line_says_what_to_install()
    {
        (string? python, string reason) = PeerProgram.FindPython(new BenchOptions { Peer = "no-such-python" });
        Assert.Null(python);
        Assert.Contains("no-such-python", reason, StringComparison.Ordinal);
        Assert.Contains("python3-torch", reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', reason);
        Assert.Empty(PeerProgram.FindPython(new BenchOptions { WithoutPyTorch = true }).Reason);
    }

    [Fact]
    public void Every_case_has_a_name_of_its_own()
    {
        string[] names = [.. Cases.All.Select(one => one.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.Contains("mlp-128", names);
    }
}
