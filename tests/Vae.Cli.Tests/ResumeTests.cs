using System.Security.Cryptography;

namespace Vae.Cli.Tests;

/// <summary>`vae train --resume`, the whole program.</summary>
public sealed class ResumeTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_epoch_and_one_more_are_the_same_as_two()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        Invocation first = ChildProcess.Run(
            "train", "--config", configuration, "--run", _folder.At("run"), "--epochs", "1", "--device", "cpu", "--threads", "1");
        Assert.True(first.Code == 0, first.Error);
        Invocation second = ChildProcess.Run("train", "--resume", _folder.At("run"), "--epochs", "2", "--device", "cpu", "--threads", "1");
        Assert.True(second.Code == 0, second.Error);
        Assert.Equal($"{_folder.At("run")}\n", second.Out);
        Assert.Equal(Hash(run.Path, "last"), Hash(_folder.At("run"), "last"));
    }

    [Fact]
    public void What_may_not_change_is_refused_by_name_and_the_run_is_left_as_it_was()
    {
        string before = Hash(run.Path, "last");
        Invocation refused = ChildProcess.Run("train", "--resume", run.Path, "--set", "train.batch_size=64", "--device", "cpu");
        Assert.Equal(64, refused.Code);
        Assert.Equal("", refused.Out);
        Assert.Contains("train.batch_size", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, Hash(run.Path, "last"));
    }

    [Fact]
    public void A_run_that_is_at_its_end_says_so_and_stays_as_it_is()
    {
        string before = Hash(run.Path, "last");
        Invocation again = ChildProcess.Run("train", "--resume", run.Path, "--device", "cpu", "--threads", "1");
        Assert.True(again.Code == 0, again.Error);
        Assert.Equal($"{run.Path}\n", again.Out);
        Assert.Contains(again.ErrorLines, line => line.Contains("all 2 epochs are done", StringComparison.Ordinal));
        Assert.Equal(before, Hash(run.Path, "last"));
    }

    [Fact]
    public void A_folder_that_is_no_run_ends_with_66()
    {
        Invocation failed = ChildProcess.Run("train", "--resume", _folder.Path, "--device", "cpu");
        Assert.Equal(66, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains(_folder.Path, Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    private static string Hash(string run, string checkpoint) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(run, "checkpoints", $"{checkpoint}.safetensors"))));
}
