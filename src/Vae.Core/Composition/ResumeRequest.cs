using Vae.Core.Data.Sources;
using Vae.Core.Training;

namespace Vae.Core.Composition;

/// <summary>Everything `train --resume` needs to know.</summary>
public sealed record ResumeRequest
{
    /// <summary>The run's folder.</summary>
    public required string RunFolder { get; init; }

    /// <summary>
    /// Changes the run's own configuration before it is compared with what may change; null continues as it was.
    /// </summary>
    public Func<VaeConfiguration, VaeConfiguration>? Change { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:n".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads that share the work of a step; null leaves it to the configuration.</summary>
    public int? Threads { get; init; }

    /// <summary>Where and how data files are found.</summary>
    public DataRequest Data { get; init; } = new();
}
