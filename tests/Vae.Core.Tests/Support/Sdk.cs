using System.Diagnostics;

namespace Vae.Core.Tests.Support;

/// <summary>The .NET SDK, as a user calls it.</summary>
internal static class Sdk
{
    /// <summary>Runs dotnet and returns all that it prints; another exit code than 0 fails the test.</summary>
    public static string Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        string[] fromOurs = [.. start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))];
        foreach (string ours in fromOurs)
        {
            start.Environment.Remove(ours); // dotnet test sets some for its own build
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        return output;
    }
}
