using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>
/// A side in a child process that works when it is asked to. Between its turns it is stopped by a signal where there are such, so
/// that threads of its pools that wait actively take no processor from the other side.
/// </summary>
internal sealed partial class Peer : IDisposable
{
    private const int StopSignal = 19;      // SIGSTOP and SIGCONT of Linux
    private const int ContinueSignal = 18;
    private const int StopSignalOfMac = 17;
    private const int ContinueSignalOfMac = 19;

    private readonly Process _process;

    private Peer(PeerProgram program, Process process)
    {
        Program = program;
        _process = process;
        Versions = Read();
    }

    public PeerProgram Program { get; }

    /// <summary>Its own, those of what it stands on, and the wait policy it was started with.</summary>
    public JsonObject Versions { get; }

    /// <summary>Whether its BLAS has threads of its own, beside those inside torch's operators.</summary>
    public bool HasOwnBlasThreads => Versions["own_blas_threads"]!.GetValue<bool>();

    /// <summary>The largest memory it held so far, in bytes; null where the system does not tell.</summary>
    public long? PeakBytes { get; private set; }

    /// <summary>Whether a peer that waits actively can be kept from disturbing the other side here.</summary>
    public static bool CanBeStopped => !OperatingSystem.IsWindows();

    /// <summary>Starts the program for a case and stops it until it is asked for something.</summary>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    public static Peer Start(PeerProgram program, JsonObject specification, string? waitPolicy)
    {
        ProcessStartInfo start = new(program.Command[0], program.Command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (waitPolicy is not null)
        {
            start.Environment["OMP_WAIT_POLICY"] = waitPolicy;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program.Command[0]} does not start");
        process.StandardInput.WriteLine(specification.ToJsonString());
        Peer peer = new(program, process);
        peer.Signal(stop: true);
        return peer;
    }

    /// <summary>One request and its answer.</summary>
    /// <exception cref="InvalidOperationException">The peer failed or is gone.</exception>
    public JsonObject Ask(JsonObject request)
    {
        Signal(stop: false);
        _process.StandardInput.WriteLine(request.ToJsonString());
        JsonObject answer = Read();
        Signal(stop: true);
        if (answer["error"] is { } error)
        {
            throw new InvalidOperationException($"{Program.Title} failed: {error}");
        }

        PeakBytes = answer["peak_bytes"]?.GetValue<long>() ?? PeakBytes;
        return answer;
    }

    /// <summary>Seconds that so many units of work took by the peer's own clock.</summary>
    public double Run(int units, string what = "run") =>
        Ask(new JsonObject { ["do"] = what, ["units"] = units })["seconds"]!.GetValue<double>();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(); // reaches a stopped process as well
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonObject Read() => _process.StandardOutput.ReadLine() is { } line
        ? JsonNode.Parse(line)!.AsObject()
        : throw new InvalidOperationException($"{Program.Title} ended; what it said stands above");

    private void Signal(bool stop)
    {
        if (!CanBeStopped)
        {
            return;
        }

        bool isMac = OperatingSystem.IsMacOS();
        int signal = stop ? (isMac ? StopSignalOfMac : StopSignal) : isMac ? ContinueSignalOfMac : ContinueSignal;
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"{Program.Title} is gone");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
