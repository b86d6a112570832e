using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>A peer at the best of its settings, and what was tried to find it.</summary>
internal sealed class TunedPeer : IDisposable
{
    private const double TrialSeconds = 0.4;

    private const int Finalists = 5;
    private const int FinalRounds = 5;

    private readonly Peer _peer;
    private readonly string _setting;
    private readonly JsonArray _tried;

    private TunedPeer(Peer peer, string setting, JsonArray tried)
    {
        _peer = peer;
        _setting = setting;
        _tried = tried;
    }

    public string Name => _peer.Program.Name;

    public PeerResult Result => new() { Setting = _setting, Tried = _tried, Versions = _peer.Versions, PeakBytes = _peer.PeakBytes };

    /// <summary>Tries every wait policy, thread count and way of doing the step, and keeps the fastest, alive and ready.</summary>
    public static TunedPeer Start(PeerProgram program, JsonObject specification, double secondsPerTurn, bool onCpu)
    {
        int cores = onCpu ? Environment.ProcessorCount : 1; // beside a GPU the host only sends work
        // One thread waits for nobody. A peer that waits actively where it cannot be stopped would slow the other side down.
        string?[] policies = cores == 1 ? [null] : Peer.CanBeStopped ? ["passive", "active"] : ["passive"];
        JsonArray tried = [];
        List<Peer> peers = [];
        List<Candidate> candidates = [];
        foreach (string? policy in policies)
        {
            Peer peer = Peer.Start(program, specification, policy);
            peers.Add(peer);
            candidates.AddRange(ThreadSettings(cores, peer.HasOwnBlasThreads)
                .Select(threads => new Candidate(peer, Tune(peer, policy, threads, Math.Min(secondsPerTurn, TrialSeconds), tried))));
        }

        (Peer winner, PeerSetting taken) = Final([.. candidates.OrderBy(one => one.Setting.Seconds).Take(Finalists)]);
        Use(winner, taken);
        foreach (Peer other in peers.Where(peer => peer != winner))
        {
            other.Dispose();
        }

        return new TunedPeer(winner, taken.ToString(), tried);
    }

    public double Run(int units) => _peer.Run(units);

    public double RunEpochs(int epochs) => _peer.Run(epochs, "epochs");

    /// <summary>An epoch of training and the evaluation after it.</summary>
    public EpochPoint TrainEpoch()
    {
        JsonObject answer = _peer.Ask(new JsonObject { ["do"] = "epochs", ["units"] = 1 });
        return new EpochPoint(answer["seconds"]!.GetValue<double>(), answer["loss"]!.GetValue<double>());
    }

    /// <summary>Draws the weights anew, and forgets what the optimizer knows; what was compiled stays.</summary>
    public void StartAfresh() => _peer.Ask(new JsonObject { ["do"] = "restart" });

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

    /// <summary>
    /// The fastest of the best, measured in turn, by their medians: one of the many trials may have met a quiet moment that the
    /// others had not.
    /// </summary>
    private static Candidate Final(Candidate[] finalists)
    {
        if (finalists is [Candidate only])
        {
            return only;
        }

        double[][] seconds = [.. finalists.Select(_ => new double[FinalRounds])];
        for (int round = 0; round < FinalRounds; round++)
        {
            for (int i = 0; i < finalists.Length; i++)
            {
                (Peer peer, PeerSetting setting) = finalists[i];
                int units = Math.Max(1, (int)(TrialSeconds / setting.Seconds));
                Use(peer, setting);
                peer.Run(1);
                seconds[i][round] = peer.Run(units) / units;
            }
        }

        return finalists.Zip(seconds).MinBy(pair => Spread.Of(pair.Second).Median).First;
    }

    private static void Use(Peer peer, PeerSetting setting)
    {
        JsonObject request = Request("use", setting.Threads);
        request["choice"] = setting.Choice.DeepClone();
        peer.Ask(request);
    }

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
        return new PeerSetting(
            policy, threads, peer.HasOwnBlasThreads, answer["choice"]!.AsObject(), answer["seconds"]!.GetValue<double>());
    }

    private static JsonObject Request(string what, (int Torch, int Blas) threads) =>
        new() { ["do"] = what, ["threads"] = threads.Torch, ["blas_threads"] = threads.Blas };

    private sealed record Candidate(Peer Peer, PeerSetting Setting);

    private sealed record PeerSetting(
        string? Policy, (int Torch, int Blas) Threads, bool HasOwnBlasThreads, JsonObject Choice, double Seconds)
    {
        public override string ToString()
        {
            string[] threads =
                [$"threads {Threads.Torch}", .. HasOwnBlasThreads ? [$"BLAS threads {Threads.Blas}"] : Array.Empty<string>()];
            return string.Join(
                ", ", [.. threads, $"OMP_WAIT_POLICY {Policy ?? "unset"}", .. Choice.Select(pair => $"{pair.Key} {pair.Value}")]);
        }
    }
}
