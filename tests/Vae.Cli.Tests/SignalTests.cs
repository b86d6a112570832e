using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

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
    public void A_second_signal_ends_the_program_at_once_and_without_a_word()
    {
        Invocation stopped = TrainUntilSignalled(SigTerm, SigHup);
        // Both come at the same time, so either may be the first.
        Assert.Contains(stopped.Code, new[] { ExitCode.HungUp, ExitCode.Terminated });
        Assert.Equal("", stopped.Out);
        Assert.StartsWith("stopping: ", stopped.ErrorLines[^1], StringComparison.Ordinal);
    }

    private void AssertSaved(Invocation stopped)
    {
        JsonElement result = JsonDocument.Parse(stopped.Out).RootElement;
        Assert.True(result.GetProperty("interrupted").GetBoolean());
        Assert.Equal(_folder.At("run"), result.GetProperty("run").GetString());
        Assert.True(File.Exists(_folder.At("run", "checkpoints", "last.safetensors")));
        Assert.Contains("a checkpoint is saved", stopped.Error, StringComparison.Ordinal);
    }

    private Invocation TrainUntilSignalled(params int[] signals)
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        using Process process = ChildProcess.Start(
            new Dictionary<string, string?>(),
            "train", "--config", configuration, "--run", _folder.At("run"), "--epochs", "1000000", "--device", "cpu", "--json");
        string seen = "";
        while (!seen.Contains("epoch 1/", StringComparison.Ordinal))
        {
            string line = process.StandardError.ReadLine() ?? throw new InvalidOperationException($"the run ended by itself: {seen}");
            seen += $"{line}\n";
        }

        Assert.All(signals, signal => Assert.Equal(0, Kill(process.Id, signal)));
        Invocation rest = ChildProcess.Finish(process);
        return rest with { Error = seen + rest.Error };
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
