using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vae.Cli.Tests;

/// <summary>Real signals to a real run.</summary>
public sealed partial class SignalTests : IDisposable
{
    private const int SigHup = 1;
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SignalFact(SigTerm)]
    public void A_request_to_terminate_saves_a_checkpoint_and_ends_with_143()
    {
        Invocation stopped = TrainUntilSignalled(SigTerm);
        Assert.Equal(143, stopped.Code);
        AssertSaved(stopped);
    }

    [SignalFact(SigInt)]
    public void Ctrl_C_saves_a_checkpoint_and_ends_with_130()
    {
        Invocation stopped = TrainUntilSignalled(SigInt);
        Assert.Equal(130, stopped.Code);
        AssertSaved(stopped);
    }

    [SignalFact(SigTerm)]
    public void A_run_terminated_in_the_middle_of_an_epoch_resumes_to_where_one_that_never_stopped_ends()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        // An epoch of seconds, which the readable step of this objective takes: the signal is sure to arrive within it.
        string[] manySteps =
        [
            "--set", "objective.kind=beta_tc", "--set", "train.batch_size=2", "--set", "data.train_images=3128",
            "--epochs", "2", "--device", "cpu", "--threads", "1",
        ];
        Invocation whole = ChildProcess.Run(["train", "--config", configuration, "--run", _folder.At("whole"), .. manySteps]);
        Assert.True(whole.Code == 0, whole.Error);

        using Process process = Train([.. manySteps, "--verbose"]);
        string seen = ReadUntil(process, "epoch 1/2  step ");
        Assert.Equal(0, Kill(process.Id, SigTerm));
        Invocation stopped = ChildProcess.Finish(process);
        Assert.Equal(143, stopped.Code);
        AssertSaved(stopped with { Error = seen + stopped.Error });
        Assert.InRange(JsonDocument.Parse(stopped.Out).RootElement.GetProperty("steps").GetInt64(), 1, 1499);

        Invocation resumed = ChildProcess.Run("train", "--resume", _folder.At("run"), "--device", "cpu", "--threads", "1");
        Assert.True(resumed.Code == 0, resumed.Error);
        foreach (string file in new[] { "last", "best" })
        {
            Assert.Equal(Checkpoint("whole", file), Checkpoint("run", file));
        }

        Assert.Equal(Metrics("whole"), Metrics("run"));
    }

    [SignalFact(SigTerm)]
    public void A_second_signal_ends_the_program_at_once_and_without_a_word()
    {
        // One update that takes far longer than the test waits: without the second signal the program would go on to its end.
        using Process process = Train(
            "--set", "model.encoder.hidden=[2048,2048]", "--set", "model.decoder.hidden=[2048,2048]", "--set", "train.batch_size=8192",
            "--set", "data.train_images=8320", "--device", "cpu", "--threads", "1");
        ReadUntil(process, "steps");
        Assert.Equal(0, Kill(process.Id, SigTerm));
        ReadUntil(process, "stopping");
        Assert.False(process.WaitForExit(TimeSpan.FromSeconds(0.3)), "one signal waits for the update under way");

        Assert.Equal(0, Kill(process.Id, SigTerm));

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "the second signal did not end the program");
        Invocation left = ChildProcess.Finish(process);
        Assert.Equal(143, left.Code);
        Assert.Equal("", left.Out);
        Assert.Equal("", left.Error);
    }

    private void AssertSaved(Invocation stopped)
    {
        JsonElement result = JsonDocument.Parse(stopped.Out).RootElement;
        Assert.True(result.GetProperty("interrupted").GetBoolean());
        Assert.Equal(_folder.At("run"), result.GetProperty("run").GetString());
        Assert.True(File.Exists(_folder.At("run", "checkpoints", "last.safetensors")));
        Assert.Contains("a checkpoint is saved", stopped.Error, StringComparison.Ordinal);
    }

    private Invocation TrainUntilSignalled(int signal)
    {
        using Process process = Train("--epochs", "1000000", "--device", "cpu");
        string seen = ReadUntil(process, "epoch 1/");
        Assert.Equal(0, Kill(process.Id, signal));
        Invocation rest = ChildProcess.Finish(process);
        return rest with { Error = seen + rest.Error };
    }

    private Process Train(params string[] options) => ChildProcess.Start(
        new Dictionary<string, string?>(),
        ["train", "--config", _folder.Write("tiny.json", Configurations.Tiny), "--run", _folder.At("run"), "--json", .. options]);

    private static string ReadUntil(Process process, string word)
    {
        string seen = "";
        string line = "";
        while (!line.Contains(word, StringComparison.Ordinal))
        {
            line = process.StandardError.ReadLine() ?? throw new InvalidOperationException($"the run ended by itself: {seen}");
            seen += $"{line}\n";
        }

        return seen;
    }

    private string Checkpoint(string run, string name) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder.At(run, "checkpoints", $"{name}.safetensors"))));

    private string[] Metrics(string run) => [.. File.ReadLines(_folder.At(run, "metrics.jsonl")).Select(WithoutTimes)];

    private static string WithoutTimes(string line)
    {
        JsonObject metrics = JsonNode.Parse(line)!.AsObject();
        Assert.True(metrics.Remove("seconds") && metrics.Remove("images_per_second"));
        return metrics.ToJsonString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>A test that sends a signal of Unix to a process that it starts.</summary>
public sealed class SignalFactAttribute : FactAttribute
{
    /// <param name="signal">The signal's number.</param>
    public SignalFactAttribute(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "needs the signals of Unix";
        }
        else if (IsIgnored(signal))
        {
            // A shell without job control starts background jobs so, and their children inherit it.
            Skip = $"signal {signal} is ignored in this session";
        }
    }

    // The mask of ignored signals, as Linux tells it; elsewhere the test runner is trusted.
    private static bool IsIgnored(int signal)
    {
        const string Field = "SigIgn:";
        string? mask = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))
            : null;
        return mask is not null && (Convert.ToUInt64(mask[Field.Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
    }
}
