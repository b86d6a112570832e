using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>The program itself, started as a user starts it.</summary>
internal static class VaeProgram
{
    /// <summary>Started by scripts/vae where there is a bash, else by dotnet.</summary>
    public static ProcessStartInfo Start(BenchOptions options, bool byScript, params string[] arguments)
    {
        string root = Path.GetFullPath(options.Root);
        string[] command = byScript
            ? [Path.Combine(root, "scripts", "vae")]
            : [Environment.ProcessPath!, Path.Combine(root, "artifacts", "bin", "Vae.Cli", "release", "vae.dll")];
        return new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
