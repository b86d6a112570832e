using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>From the start to the exit of `vae --version`.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
internal sealed record VersionCase(string Name, string Title) : BenchmarkCase(Name, Title)
{
    private const int Starts = 20;

    public override CaseResult Measure(BenchContext context)
    {
        bool[] ways = OperatingSystem.IsWindows() ? [false] : [false, true];
        List<double>[] milliseconds = [.. ways.Select(_ => new List<double>())];
        for (int i = 0; i <= Starts; i++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                double taken = Once(VaeProgram.Start(context.Options, ways[way], "--version"));
                if (i > 0) // the first one reads the files from the disk
                {
                    milliseconds[way].Add(taken);
                }
            }
        }

        return new CaseResult
        {
            Name = Name,
            Title = Title,
            Unit = "start",
            Figures = ways.Zip(milliseconds).ToDictionary(
                pair => pair.First ? "scripts/vae, ms" : "the program, ms", pair => Spread.Of(pair.Second)),
        };
    }

    private static double Once(ProcessStartInfo start)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"vae --version ended with {process.ExitCode}");
    }
}
