using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Vae.Cli.Tests;

/// <summary>Several processes and one run.</summary>
public sealed partial class RunLockTests : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private readonly TemporaryFolder _folder = new();
    private Process? _training;

    private string Run => _folder.At("run");

    public void Dispose()
    {
        if (_training?.HasExited == false)
        {
            _training.Kill();
            _training.WaitForExit();
        }

        _training?.Dispose();
        _folder.Dispose();
    }

    [SignalFact(SigTerm)]
    public void While_a_run_is_trained_others_may_read_but_not_change_it()
    {
        Process training = StartTraining();
        string metrics = _folder.At("run", "metrics.jsonl");
        int lines = File.ReadAllLines(metrics).Length;
        AssertRefused(training, "train", "--resume", Run, "--device", "cpu");
        AssertRefused(training, "train", "--config", _folder.At("tiny.json"), "--run", Run, "--device", "cpu");
        AssertRefused(training, "fit-prior", "--run", Run, "--device", "cpu");
        AssertRefused(training, "fit-prior", "--checkpoint", _folder.At("run", "checkpoints", "last.safetensors"), "--device", "cpu");
        AssertDone(ChildProcess.Run("sample", "--run", Run, "-n", "2", "--out", _folder.At("grid.png"), "--device", "cpu"));
        AssertDone(ChildProcess.Run("eval-elbo", "--run", Run, "--importance-samples", "2", "--device", "cpu"));
        Assert.True(File.ReadAllLines(metrics).Length >= lines);

        Assert.Equal(0, Kill(training.Id, SigTerm));
        Assert.Equal(143, ChildProcess.Finish(training).Code);
        string[] epochs = Epochs();
        Assert.Equal(epochs.Distinct(), epochs);
        AssertDone(ChildProcess.Run("train", "--resume", Run, "--epochs", $"{epochs.Length + 1}", "--device", "cpu"));
        Assert.Equal([.. epochs, $"{epochs.Length + 1}"], Epochs());
        AssertDone(ChildProcess.Run("fit-prior", "--run", Run, "--components", "1", "--device", "cpu"));
        Assert.False(File.Exists(_folder.At("run", "writer.json")), "nobody changes the run any more");
    }

    [SignalFact(SigKill)]
    public void A_killed_process_holds_nobody_up()
    {
        Process training = StartTraining();
        Assert.Equal(0, Kill(training.Id, SigKill));
        training.WaitForExit();
        Assert.True(File.Exists(_folder.At("run", "writer.json")), "it had no time to clear up");

        AssertDone(ChildProcess.Run("train", "--resume", Run, "--epochs", $"{Epochs().Length + 1}", "--device", "cpu"));
        string[] epochs = Epochs();
        Assert.Equal(epochs.Distinct(), epochs);
    }

    [Fact]
    public void Where_no_file_can_be_locked_one_warning_says_so_and_training_goes_on()
    {
        // The runtime then does as on a file system without locks.
        Dictionary<string, string?> environment = new() { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };
        Invocation trained = ChildProcess.Run(environment, Training("--epochs", "1"));
        AssertDone(trained);
        Assert.Single(trained.ErrorLines, line => line.Contains($"{Run}: no locks on this file system", StringComparison.Ordinal));

        Invocation fitted = ChildProcess.Run(environment, "fit-prior", "--run", Run, "--components", "1", "--device", "cpu");
        AssertDone(fitted);
        Assert.Single(fitted.ErrorLines, line => line.Contains($"{Run}: no locks on this file system", StringComparison.Ordinal));
    }

    private void AssertRefused(Process training, params string[] args)
    {
        Invocation refused = ChildProcess.Run(args);
        Assert.Equal((73, ""), (refused.Code, refused.Out));
        Assert.StartsWith(
            $"vae {args[0]}: {Run}: process {training.Id} on {Environment.MachineName}, started {training.StartTime:yyyy-MM-dd HH:mm}",
            Assert.Single(refused.ErrorLines),
            StringComparison.Ordinal);
    }

    private static void AssertDone(Invocation invocation) => Assert.True(invocation.Code == 0, invocation.Error);

    /// <summary>A training that has done its first epoch and does not end by itself.</summary>
    private Process StartTraining()
    {
        _training = ChildProcess.Start(new Dictionary<string, string?>(), Training("--epochs", "1000000"));
        string? line;
        do
        {
            line = _training.StandardError.ReadLine();
            Assert.True(line is not null, "the run ended by itself");
        }
        while (!line.Contains("epoch 1/", StringComparison.Ordinal));

        return _training;
    }

    private string[] Training(params string[] more) =>
        ["train", "--config", _folder.Write("tiny.json", Configurations.Tiny), "--run", Run, "--device", "cpu", "--threads", "1", .. more];

    private string[] Epochs() =>
        [.. File.ReadLines(_folder.At("run", "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("epoch").GetRawText())];

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
