using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>Measures one case in this process, several each in a process of its own, and writes what came of it.</summary>
internal static class Conductor
{
    private const int Defect = 70;

    public static int Run(BenchOptions options)
    {
        if (options.Help || options.List)
        {
            Console.WriteLine(options.Help ? BenchOptions.Usage : string.Join('\n', Cases.All.Select(one => $"{one.Name,-14} {one.Title}")));
            return 0;
        }

        string? json = options.Json ?? (options.Page is { } page ? ResultPage.JsonBeside(page) : null);
        bool allMeasured = options.Render || Measure(options, Choose(options.Cases), json);
        if (options.Page is { } place)
        {
            ResultPage.Update(place, BenchResults.Read(json!));
        }

        return allMeasured ? 0 : Defect;
    }

    /// <summary>Whether every case could be measured.</summary>
    private static bool Measure(BenchOptions options, List<BenchmarkCase> cases, string? json)
    {
        (string? python, string reason) = TunedPeer.Find(options);
        if (python is null)
        {
            Console.Error.WriteLine(reason);
        }

        options = options with { Peer = python, WithoutPeer = python is null };
        BenchResults results = new() { Machine = Machine.Here(options), Rounds = options.Rounds, RoundSeconds = options.RoundSeconds };
        bool allMeasured = true;
        foreach (BenchmarkCase one in cases)
        {
            if (one.Obstacle(options) is { } obstacle)
            {
                Console.Error.WriteLine($"{one.Name} is left out: {obstacle}");
                allMeasured &= !options.Cases.Contains(one.Name); // who asked for all did not ask for this one
                continue;
            }

            try
            {
                results = results.With(cases.Count == 1 ? one.Measure(new BenchContext(options, python)) : MeasureApart(options, one));
            }
            catch (InvalidOperationException failure)
            {
                Console.Error.WriteLine($"{one.Name}: {failure.Message}");
                allMeasured = false;
                continue;
            }

            if (json is not null)
            {
                results.MergeInto(json); // after each case, so that a run that is broken off leaves what it had
            }
        }

        Console.Write(ResultTable.Of(results));
        return allMeasured;
    }

    private static List<BenchmarkCase> Choose(IReadOnlyList<string> names)
    {
        string[] unknown = [.. names.Where(name => Cases.All.All(one => one.Name != name))];
        return unknown.Length == 0
            ? [.. Cases.All.Where(one => names.Count == 0 || names.Contains(one.Name))]
            : throw new ArgumentException($"there is no case {string.Join(", ", unknown)}; --list names them");
    }

    /// <summary>In a process of its own, so that a case's peak of memory, threads and compiled code are its own.</summary>
    private static CaseResult MeasureApart(BenchOptions options, BenchmarkCase one)
    {
        Console.Error.WriteLine($"{one.Name}: {one.Title}…");
        using TemporaryFile json = new();
        File.Delete(json.Path);
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Conductor).Assembly.Location);
        }

        foreach (string argument in options.ForChild(one.Name, json.Path))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd(); // its table; ours has it too
        process.WaitForExit();
        return process.ExitCode == 0
            ? BenchResults.Read(json.Path).Cases.Single()
            : throw new InvalidOperationException("failed; why stands above");
    }
}
