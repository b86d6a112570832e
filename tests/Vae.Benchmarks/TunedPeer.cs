using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>The PyTorch peer at the best of its settings, and what was tried to find it.</summary>
internal sealed class TunedPeer : IDisposable
{
    private const double TrialSeconds = 0.4; // beyond a round this long, a trial gains nothing

    private readonly Peer _peer;

    private TunedPeer(Peer peer, string setting, JsonArray tried)
    {
        _peer = peer;
        Setting = setting;
        Tried = tried;
    }

    /// <summary>The setting taken, in words.</summary>
    public string Setting { get; }

    /// <summary>Every setting with the seconds a unit that it took.</summary>
    public JsonArray Tried { get; }

    /// <summary>Of Python and torch.</summary>
    public JsonObject Versions => _peer.Versions;

    public long? PeakBytes => _peer.PeakBytes;

    /// <summary>A Python with torch, or null and why not.</summary>
    public static (string? Python, string Reason) Find(BenchOptions options)
    {
        if (options.WithoutPeer)
        {
            return (null, "without the PyTorch peer, as asked");
        }

        string[] candidates = options.Peer is { } given ? [given] : OperatingSystem.IsWindows() ? ["python"] : ["python3", "/usr/bin/python3"];
        return candidates.FirstOrDefault(HasTorch) is { } python
            ? (python, string.Empty)
            : (null, $"without the PyTorch peer: {string.Join(" and ", candidates)} cannot import torch; give a Python that can with --peer");
    }

    /// <summary>Tries every wait policy, thread count and way of doing the step, and keeps the fastest, alive and ready.</summary>
    public static TunedPeer Start(string python, JsonObject specification, double secondsPerTurn)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "vae_peer.py");
        int cores = Environment.ProcessorCount;
        // One thread waits for nobody. A peer that waits actively where it cannot be stopped would slow the other side down.
        string?[] policies = cores == 1 ? [null] : Peer.CanBeStopped ? ["passive", "active"] : ["passive"];
        JsonArray tried = [];
        (Peer Peer, PeerSetting Setting)? best = null;
        foreach (string? policy in policies)
        {
            Peer peer = Peer.Start(python, script, specification, policy);
            PeerSetting fastest = ThreadSettings(cores, peer.HasOwnBlasThreads)
                .Select(threads => Tune(peer, policy, threads, Math.Min(secondsPerTurn, TrialSeconds), tried))
                .MinBy(setting => setting.Seconds)!;
            if (best is null || fastest.Seconds < best.Value.Setting.Seconds)
            {
                best?.Peer.Dispose();
                best = (peer, fastest);
            }
            else
            {
                peer.Dispose();
            }
        }

        (Peer winner, PeerSetting taken) = best!.Value;
        JsonObject request = Request("use", taken.Threads);
        request["choice"] = taken.Choice.DeepClone();
        winner.Ask(request);
        return new TunedPeer(winner, taken.ToString(), tried);
    }

    public double Run(int units) => _peer.Run(units);

    public double RunEpochs(int epochs) => _peer.Run(epochs, "epochs");

    public void Dispose() => _peer.Dispose();

    /// <summary>1, 2, 4, … and all.</summary>
    internal static IEnumerable<int> ThreadCounts(int cores)
    {
        for (int threads = 1; threads < cores; threads *= 2)
        {
            yield return threads;
        }

        yield return cores;
    }

    /// <summary>Threads inside operators, and those of a BLAS that has its own: either alone, and both.</summary>
    private static IEnumerable<(int Torch, int Blas)> ThreadSettings(int cores, bool hasOwnBlasThreads) =>
        ThreadCounts(cores).SelectMany(threads => hasOwnBlasThreads && threads > 1
            ? [(threads, 1), (1, threads), (threads, threads)]
            : new[] { (threads, threads) });

    private static PeerSetting Tune(Peer peer, string? policy, (int Torch, int Blas) threads, double seconds, JsonArray tried)
    {
        JsonObject request = Request("tune", threads);
        request["seconds"] = seconds;
        JsonObject answer = peer.Ask(request);
        tried.Add(new JsonObject
        {
            ["omp_wait_policy"] = policy,
            ["threads"] = threads.Torch,
            ["blas_threads"] = peer.HasOwnBlasThreads ? threads.Blas : null,
            ["ways"] = answer["tried"]!.DeepClone(),
        });
        return new PeerSetting(policy, threads, peer.HasOwnBlasThreads, answer["choice"]!.AsObject(), answer["seconds"]!.GetValue<double>());
    }

    private static JsonObject Request(string what, (int Torch, int Blas) threads) =>
        new() { ["do"] = what, ["threads"] = threads.Torch, ["blas_threads"] = threads.Blas };

    private sealed record PeerSetting(string? Policy, (int Torch, int Blas) Threads, bool HasOwnBlasThreads, JsonObject Choice, double Seconds)
    {
        public override string ToString()
        {
            string[] threads = [$"threads {Threads.Torch}", .. HasOwnBlasThreads ? [$"BLAS threads {Threads.Blas}"] : Array.Empty<string>()];
            return string.Join(", ", [.. threads, $"OMP_WAIT_POLICY {Policy ?? "unset"}", .. Choice.Select(pair => $"{pair.Key} {pair.Value}")]);
        }
    }

    private static bool HasTorch(string python)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            process?.StandardError.ReadToEnd();
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }
}
