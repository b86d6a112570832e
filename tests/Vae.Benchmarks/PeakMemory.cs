using System.Diagnostics;

namespace Vae.Benchmarks;

internal static class PeakMemory
{
    /// <summary>The largest memory that this process has held, in bytes.</summary>
    public static long OfThisProcess()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
