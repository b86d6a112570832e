using System.Text.Json.Nodes;

namespace Vae.Benchmarks;

/// <summary>Something to measure.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
internal abstract record BenchmarkCase(string Name, string Title)
{
    /// <summary>Why it cannot be measured with these options, in a line; null where it can.</summary>
    public virtual string? Obstacle(BenchOptions options) => null;

    /// <summary>Measures it, in this process.</summary>
    public abstract CaseResult Measure(BenchContext context);
}

/// <summary>What all cases measure with.</summary>
/// <param name="Options">The command line.</param>
/// <param name="Peers">What there is to compare with.</param>
internal sealed record BenchContext(BenchOptions Options, IReadOnlyList<PeerProgram> Peers)
{
    public ComputeDevice Device { get; } = ComputeDevice.Choose(Options.Device);

    /// <summary>A case's configuration with the precision asked for.</summary>
    public VaeConfiguration Configure(VaeConfiguration configuration) =>
        configuration with { Train = configuration.Train with { Precision = Options.Precision } };

    /// <summary>Turns of the sides, round by round.</summary>
    public Dictionary<string, double[]> Take(IReadOnlyList<Contender> contenders) =>
        Turns.Take(contenders, Options.Rounds, Options.RoundSeconds);

    /// <summary>The peers that can do a case, tuned for it.</summary>
    public PeerGroup StartPeers(JsonObject specification)
    {
        specification["device"] = Device.Name;
        specification["precision"] = ConfigurationText.NameOf(Options.Precision);
        return new PeerGroup(
        [
            .. Peers.Where(program => program.Kinds.Contains((string)specification["kind"]!))
                .Select(program => TunedPeer.Start(program, specification, Options.RoundSeconds, Device.IsCpu)),
        ]);
    }
}
