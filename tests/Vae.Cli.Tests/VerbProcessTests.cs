using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Vae.Cli.Tests;

/// <summary>What only a process of its own shows of the verbs: signals, readers that go away, full devices and terminals.</summary>
public sealed partial class VerbProcessTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Dictionary<string, string?> Plain = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SignalFact(SigInt)]
    public void Ctrl_C_ends_sampling_with_130() =>
        AssertStopped(SigInt, 130, "sample", "-n", "10000000", "--out", _folder.At("images.npz"));

    [SignalFact(SigTerm)]
    public void A_request_to_terminate_ends_sampling_with_143() =>
        AssertStopped(SigTerm, 143, "sample", "-n", "10000000", "--out", _folder.At("images.npz"));

    [SignalFact(SigInt)]
    public void Ctrl_C_ends_encoding_with_130() =>
        AssertStopped(SigInt, 130, "encode", "--input", EndlessImages(), "--out", _folder.At("latents.csv"));

    [SignalFact(SigInt)]
    public void Ctrl_C_ends_reconstructing_with_130() =>
        AssertStopped(SigInt, 130, "reconstruct", "--input", EndlessImages(), "--out", _folder.At("pairs.png"));

    [SignalFact(SigInt)]
    public void Ctrl_C_ends_interpolating_with_130() =>
        AssertStopped(SigInt, 130, "interpolate", "--from", "0", "--to", "1", "--input", EndlessImages(), "--out", _folder.At("strip.png"));

    [SignalFact(SigInt)]
    public void Ctrl_C_ends_evaluating_with_130() =>
        AssertStopped(SigInt, 130, "eval-elbo", "--split", "train", "--importance-samples", "100000", "--threads", "1");

    [Theory]
    [InlineData("eval-elbo", "--json", "--importance-samples", "2")]
    [InlineData("eval-elbo", "--importance-samples", "2")]
    [InlineData("sample", "-n", "2", "--out", "{folder}/images.png")]
    public void A_reader_that_goes_away_is_no_failure(string verb, params string[] args)
    {
        IEnumerable<string> more = args.Select(arg => arg.Replace("{folder}", _folder.Path, StringComparison.Ordinal));
        using Process process = ChildProcess.Start(Plain, [verb, "--run", run.Path, "--device", "cpu", .. more]);
        process.StandardOutput.Close();
        Assert.Equal("", process.StandardError.ReadToEnd());
        Assert.True(process.WaitForExit(Patience));
        Assert.Equal(0, process.ExitCode);
    }

    [ShellFact]
    public void A_checkpoint_s_file_may_be_named_by_a_word()
    {
        File.Copy(run.Checkpoint("last"), _folder.At("bset"));
        Invocation sampled = Shell(
            $"cd {_folder.Path} && {ChildProcess.Host} {ChildProcess.Program} sample --checkpoint bset -n 2 --device cpu");
        Assert.Equal(new Invocation(0, "grid.png\n", ""), sampled);
    }

    [ShellFact]
    public void Standard_output_on_a_full_device_is_74_with_one_line()
    {
        Invocation failed = Shell($"{Program("eval-elbo", "--json", "--importance-samples", "2")} > /dev/full");
        Assert.Equal((74, ""), (failed.Code, failed.Out));
        Assert.StartsWith("vae eval-elbo: standard output: ", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    [ShellFact]
    public void A_full_device_for_help_is_74_as_well()
    {
        Invocation failed = Shell($"{Program("eval-elbo", "--help")} > /dev/full");
        Assert.Equal((74, ""), (failed.Code, failed.Out));
        Assert.Single(failed.ErrorLines);
    }

    [ShellFact("script")]
    public void Escape_codes_come_on_a_terminal_unless_somebody_objects()
    {
        Assert.Contains('\e', OnTerminal("NO_COLOR= CI= TERM=xterm"));
        Assert.DoesNotContain('\e', OnTerminal("NO_COLOR=1 CI= TERM=xterm"));
        Assert.DoesNotContain('\e', OnTerminal("NO_COLOR= CI=true TERM=xterm"));
        Assert.DoesNotContain('\e', OnTerminal("NO_COLOR= CI= TERM=dumb"));
        Assert.DoesNotContain('\e', OnTerminal("NO_COLOR= CI= TERM=xterm", "2> /dev/null")); // only standard output is one
    }

    /// <summary>Runs a line of shell.</summary>
    internal static Invocation Shell(string line)
    {
        ProcessStartInfo start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(line);
        using Process process = Process.Start(start)!;
        return ChildProcess.Finish(process);
    }

    private string OnTerminal(string environment, string redirection = "")
    {
        string command = $"{Program("eval-elbo", "--importance-samples", "2")} {redirection}";
        Invocation shown = Shell($"{environment} script -qec \"{command}\" /dev/null < /dev/null");
        Assert.True(shown.Code == 0, shown.Out);
        Assert.Contains("ELBO", shown.Out, StringComparison.Ordinal);
        return shown.Out;
    }

    private string Program(params string[] args)
    {
        string[] words = [ChildProcess.Host, ChildProcess.Program, .. args, "--run", run.Path, "--device", "cpu"];
        return string.Join(' ', words.Select(word => $"'{word}'"));
    }

    // So many images that nobody waits for the last; the file has holes for pixels and takes no room.
    private string EndlessImages()
    {
        const int Count = 40_000_000;
        using FileStream file = File.Create(_folder.At("endless.idx"));
        file.Write(TestImages.IdxHeader(Count));
        file.SetLength(file.Length + ((long)Count * TestImages.Side * TestImages.Side));
        return file.Name;
    }

    private void AssertStopped(int signal, int code, string verb, params string[] args)
    {
        using Process process = ChildProcess.Start(Plain, [verb, "--run", run.Path, "--device", "cpu", .. args]);
        WaitUntilItWorks(process);
        Assert.Equal(0, Kill(process.Id, signal));
        Invocation stopped = ChildProcess.Finish(process);
        Assert.Equal((code, ""), (stopped.Code, stopped.Out));
        Assert.StartsWith("stopping: ", Assert.Single(stopped.ErrorLines), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.Equal("endless.idx", Path.GetFileName(file)));
    }

    // The verbs are silent while they work. The tensor library is loaded when the work has begun.
    private static void WaitUntilItWorks(Process process)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!File.ReadAllText($"/proc/{process.Id}/maps").Contains("libtorch", StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < Patience, "the tensor library was never loaded");
            Thread.Sleep(20);
        }

        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.False(process.HasExited, "the work was done before it could be stopped");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>A test that needs Linux, a shell, and programs by name.</summary>
public sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute(params string[] programs) => Skip = Missing(programs);

    internal static string? Missing(params string[] programs)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? missing = programs.FirstOrDefault(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program))));
        return !OperatingSystem.IsLinux() ? "needs Linux" : missing is null ? null : $"needs the program {missing}";
    }
}

/// <summary>The same with data.</summary>
public sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute() => Skip = ShellFactAttribute.Missing();
}
