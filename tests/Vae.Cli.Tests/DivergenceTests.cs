using System.Text.Json;

namespace Vae.Cli.Tests;

/// <summary>Training that goes beyond all bounds, the whole program.</summary>
public sealed class DivergenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_ends_with_3_names_step_and_term_and_keeps_a_checkpoint_that_loads()
    {
        Invocation failed = Train();

        Assert.Equal(3, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Matches(
            "^vae train: training diverged in epoch 1 at step [0-9]+: the [a-zKL_. 0-9]+ is (NaN|-?Infinity|∞|-∞)", failed.ErrorLines[^1]);
        Assert.Empty(Directory.GetFiles(_folder.At("run"), "*.tmp", SearchOption.AllDirectories));
        AssertLoads();
    }

    [Fact]
    public void Rewinding_tells_each_of_five_rewinds_to_people_and_log_before_it_gives_up()
    {
        Invocation failed = Train("--set", "train.on_divergence=rewind");

        Assert.Equal(3, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Equal(5, failed.ErrorLines.Count(IsRewind));
        Assert.Contains("gave up after 5 rewinds", failed.ErrorLines[^1], StringComparison.Ordinal);
        string[] logged =
        [
            .. File.ReadLines(_folder.At("run", "log.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(entry => entry.GetProperty("Level").GetString() == "Warning")
                .Select(entry => entry.GetProperty("RenderedMessage").GetString()!),
        ];
        Assert.Equal(5, logged.Count(IsRewind));
        Assert.Contains("learning rate 5E+19 (rewind 1 of 5)", logged[0], StringComparison.Ordinal);
        Assert.Contains("(rewind 5 of 5)", logged[4], StringComparison.Ordinal);
        AssertLoads();
    }

    private static bool IsRewind(string line) => line.Contains("(rewind ", StringComparison.Ordinal);

    private Invocation Train(params string[] options) => ChildProcess.Run(
        [
            "train", "--config", _folder.Write("tiny.json", Configurations.Tiny), "--run", _folder.At("run"), "--device", "cpu",
            "--set", "train.learning_rate=1e20", .. options,
        ]);

    private void AssertLoads()
    {
        Invocation sample = ChildProcess.Run(
            "sample", "--run", _folder.At("run"), "-n", "4", "--out", _folder.At("grid.png"), "--device", "cpu");
        Assert.True(sample.Code == 0, sample.Error);
    }
}
