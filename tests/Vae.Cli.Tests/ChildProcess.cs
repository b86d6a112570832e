using System.Diagnostics;

namespace Vae.Cli.Tests;

/// <summary>Runs the built program in a process of its own, as a user's shell does.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What runs it.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The program that was built with the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "vae.dll");

    public static Invocation Run(params string[] args) => Run(new Dictionary<string, string?>(), args);

    public static Invocation Run(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        using Process process = Start(environment, args);
        return Finish(process);
    }

    /// <summary>Starts the program with its streams redirected.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        ProcessStartInfo start = new ProcessStartInfo(Host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Program);
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Reads both streams to their ends and waits.</summary>
    public static Invocation Finish(Process process, TimeSpan? patience = null)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience ?? Patience))
        {
            process.Kill();
            Assert.Fail($"the program did not end within {patience ?? Patience}");
        }

        return new Invocation(process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }
}
