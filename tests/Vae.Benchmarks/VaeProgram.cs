using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>The program itself, started as a user starts it.</summary>
internal static class VaeProgram
{
    private static readonly bool StartedByDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";

    /// <summary>What starts a built program: the `dotnet` that started this one, else the one on the path.</summary>
    public static string Dotnet { get; } = StartedByDotnet ? Environment.ProcessPath! : "dotnet";

    /// <summary>The benchmark itself as it was started; published with its runtime it needs no `dotnet`.</summary>
    public static IReadOnlyList<string> ThisBenchmark { get; } =
        StartedByDotnet ? [Dotnet, typeof(VaeProgram).Assembly.Location] : [Environment.ProcessPath!];

    /// <summary>What the build of a project gives in a checkout.</summary>
    public static string Built(string root, string project, string assembly) =>
        Path.Combine(Path.GetFullPath(root), "artifacts", "bin", project, "release", assembly);

    /// <summary>Started by scripts/vae where there is a bash, else by dotnet.</summary>
    public static ProcessStartInfo Start(BenchOptions options, bool byScript, params string[] arguments)
    {
        string root = Path.GetFullPath(options.Root);
        string[] command = byScript
            ? [Path.Combine(root, "scripts", "vae")]
            : [Dotnet, Built(root, "Vae.Cli", "vae.dll")];
        return new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
