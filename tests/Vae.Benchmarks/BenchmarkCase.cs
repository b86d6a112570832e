using Vae.Core.Configuration;
using Vae.Core.Engine;

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
/// <param name="Python">A Python with torch; null measures without the peer.</param>
internal sealed record BenchContext(BenchOptions Options, string? Python)
{
    public ComputeDevice Device { get; } = ComputeDevice.Choose(Options.Device);

    /// <summary>A case's configuration with the precision asked for.</summary>
    public VaeConfiguration Configure(VaeConfiguration configuration) =>
        configuration with { Train = configuration.Train with { Precision = Options.Precision } };

    /// <summary>Turns of the sides, round by round.</summary>
    public Dictionary<string, double[]> Take(IReadOnlyList<Contender> contenders) =>
        Turns.Take(contenders, Options.Rounds, Options.RoundSeconds);

    /// <summary>The tuned peer for a case, or null where there is no Python for it.</summary>
    public TunedPeer? StartPeer(System.Text.Json.Nodes.JsonObject specification)
    {
        if (Python is null)
        {
            return null;
        }

        specification["device"] = Device.Name;
        specification["precision"] = ConfigurationName.Of(Options.Precision);
        return TunedPeer.Start(Python, specification, Options.RoundSeconds, Device.IsCpu);
    }
}
