using System.Runtime.InteropServices;

namespace Vae.Cli;

/// <summary>
/// Turns the signals that end a process into a request to stop soon, so that a checkpoint can be saved. A second signal leaves at
/// once. A signal that the process was started to ignore, as by nohup, stays ignored.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Heeded = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _stop = new();
    private readonly Action _onFirst;
    private readonly Action<int> _leave;
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    /// <param name="onFirst">Told of the first signal, on a thread of its own.</param>
    /// <param name="leave">Ends the process with the given exit code when a second signal comes.</param>
    public StopSignals(Action onFirst, Action<int> leave)
    {
        _onFirst = onFirst;
        _leave = leave;
        _registrations = [.. Heeded.Select(heeded => PosixSignalRegistration.Create(heeded, context =>
        {
            context.Cancel = true;
            Receive(context.Signal);
        }))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code that the first signal asks for; 0 while none came.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>What happens on a signal.</summary>
    internal void Receive(PosixSignal signal)
    {
        int code = signal switch
        {
            PosixSignal.SIGINT => Cli.ExitCode.Interrupted,
            PosixSignal.SIGHUP => Cli.ExitCode.HungUp,
            _ => Cli.ExitCode.Terminated,
        };
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0)
        {
            _leave(code);
            return;
        }

        _onFirst();
        _stop.Cancel();
    }

    public void Dispose()
    {
        // The token's source stays: a signal may be on its way here on another thread, and there is nothing in it to release.
        Array.ForEach(_registrations, registration => registration.Dispose());
    }
}

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
