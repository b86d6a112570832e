using System.Diagnostics;
using System.Reflection;
using Xunit.Sdk;

namespace Vae.Cli.Tests.Scripts;

/// <summary>The scripts build, so nothing that measures time or starts the built program runs beside them.</summary>
[CollectionDefinition(nameof(Builds), DisableParallelization = true)]
public class Builds;

/// <summary>A test's row with the scripts of bash.</summary>
public sealed class BashAttribute : DataAttribute
{
    public BashAttribute() => Skip = OperatingSystem.IsWindows() ? "needs bash" : null!;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["bash"]];
}

/// <summary>A test's row with their twins for PowerShell; skipped where NuGet does not give PowerShell.</summary>
public sealed class PowerShellAttribute : DataAttribute
{
    public PowerShellAttribute() => Skip = Shell.WhyNoPowerShell.Value!;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["PowerShell"]];
}

/// <summary>Runs the scripts of a checkout, this one or a small one like it.</summary>
internal static class Shell
{
    private const string Version = "7.6.9";

    // On a busy machine a build may take minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "powershell", Version);

    private static readonly string Executable = Path.Combine(Folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    /// <summary>Null where PowerShell is there; it is installed below artifacts once, as a tool of .NET.</summary>
    public static Lazy<string?> WhyNoPowerShell { get; } = new(Install);

    /// <summary>
    /// Runs <paramref name="name"/> of the checkout's scripts folder, with <paramref name="path"/> in front of PATH and a variable
    /// <paramref name="cuda"/>.
    /// </summary>
    public static Invocation Run(string shell, string root, string name, string[] arguments, string? path = null, string? cuda = null)
    {
        string script = Path.Combine(root, "scripts", name);
        return shell == "bash"
            ? Run("bash", path, cuda, [script + (name == "test" ? ".sh" : ""), .. arguments])
            : Run(Executable, path, cuda, ["-NoProfile", "-File", script + ".ps1", .. arguments]);
    }

    private static Invocation Run(string file, string? path, string? cuda, string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["Cuda"] = cuda;
        if (path is not null)
        {
            start.Environment["PATH"] = path + Path.PathSeparator + start.Environment["PATH"];
        }

        using Process process = Process.Start(start)!;
        return ChildProcess.Finish(process, Patience);
    }

    private static string? Install()
    {
        if (File.Exists(Executable))
        {
            return null;
        }

        Invocation install = Run("dotnet", null, null, ["tool", "install", "PowerShell", "--version", Version, "--tool-path", Folder]);
        return install.Code == 0 ? null : $"NuGet gives no PowerShell {Version}: {install.Error.Trim().Split('\n')[0]}";
    }
}
