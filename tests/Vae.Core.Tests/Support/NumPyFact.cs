using System.Diagnostics;

namespace Vae.Core.Tests.Support;

/// <summary>A test against NumPy itself; skipped by name where no Python with NumPy is found.</summary>
public sealed class NumPyFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Found = new(Find);

    public NumPyFactAttribute()
    {
        if (Python is null)
        {
            Skip = "no Python with NumPy";
        }
    }

    /// <summary>A Python that has NumPy.</summary>
    public static string? Python => Found.Value;

    private static string? Find() =>
        new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(HasNumPy);

    private static bool HasNumPy(string python)
    {
        try
        {
            var start = new ProcessStartInfo(python) { RedirectStandardError = true, RedirectStandardOutput = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("import numpy");
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
