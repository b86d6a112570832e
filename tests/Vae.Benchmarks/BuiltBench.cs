using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>This benchmark as it is built in some checkout, started anew for a case.</summary>
/// <param name="Root">The checkout, for what else must be started.</param>
/// <param name="Command">What starts it.</param>
internal sealed record BuiltBench(string Root, IReadOnlyList<string> Command)
{
    /// <summary>The one that runs.</summary>
    public static BuiltBench Here(BenchOptions options) => new(options.Root, VaeProgram.ThisBenchmark);

    /// <exception cref="ArgumentException">It is not built there.</exception>
    public static BuiltBench In(string checkout)
    {
        string assembly = VaeProgram.Built(checkout, "Vae.Benchmarks", "vae-bench.dll");
        return File.Exists(assembly)
            ? new BuiltBench(checkout, [VaeProgram.Dotnet, assembly])
            : throw new ArgumentException(
                $"there is no {assembly}: run `dotnet build -c Release` there for src/Vae.Cli and tests/Vae.Benchmarks");
    }

    /// <summary>A case in a process of its own, so that its peak of memory, threads and compiled code are its own.</summary>
    /// <param name="options">How to measure.</param>
    /// <param name="one">The case.</param>
    /// <param name="quiet">Whether what it says is kept for a failure; else it goes to standard error as it comes.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public BenchResults Measure(BenchOptions options, BenchmarkCase one, bool quiet = false)
    {
        using TemporaryFile json = new();
        File.Delete(json.Path);
        ProcessStartInfo start = new(Command[0], [.. Command.Skip(1), .. (options with { Root = Root }).ForChild(one.Name, json.Path)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = quiet,
        };
        using Process process = Process.Start(start)!;
        Task<string>? said = quiet ? process.StandardError.ReadToEndAsync() : null;
        process.StandardOutput.ReadToEnd(); // its table; ours has it too
        process.WaitForExit();
        return process.ExitCode == 0
            ? BenchResults.Read(json.Path)
            : throw new InvalidOperationException(said is null ? "failed; why stands above" : $"{Command[^1]} failed: {said.Result}");
    }
}
