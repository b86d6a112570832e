using System.Runtime.InteropServices;

namespace Vae.Cli;

/// <summary>
/// Ends the process without its exit handlers. Those of the tensor library would take it away from under threads that still compute,
/// which then fail in every way there is.
/// </summary>
internal static partial class ProcessExit
{
    public static void AtOnce(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(GetCurrentProcess(), (uint)code);
        }
        else
        {
            Exit(code);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint code);
}
