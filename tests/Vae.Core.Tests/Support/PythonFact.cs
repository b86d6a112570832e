using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Vae.Core.Tests.Support;

/// <summary>A test against a Python library itself; skipped by name where no Python has it.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string module)
    {
        if (Python.With(module) is null)
        {
            Skip = $"no Python here has {module}: install python3-{module} (Debian, Ubuntu) or `pip install {module}`";
        }
    }
}

/// <summary>The Pythons of this machine.</summary>
internal static class Python
{
    private static readonly ConcurrentDictionary<string, string?> Found = new();

    /// <summary>A Python that can import the module, or null.</summary>
    public static string? With(string module) => Found.GetOrAdd(
        module, name => new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(python => CanImport(python, name)));

    /// <summary>Runs a script with a Python that has the module, and returns what it prints.</summary>
    public static string Run(string module, string script, params string[] arguments)
    {
        (int code, string output, string error) = Start(With(module)!, ["-c", script, .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    private static bool CanImport(string python, string module)
    {
        try
        {
            return Start(python, ["-c", $"import {module}"]).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output, string Error) Start(string python, string[] arguments)
    {
        ProcessStartInfo start = new(python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
