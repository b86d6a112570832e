namespace Vae.Core.Composition;

/// <summary>Everything `sample` needs to know.</summary>
public sealed record SampleRequest
{
    /// <summary>A run's folder; null takes the newest under `runs`.</summary>
    public string? RunFolder { get; init; }

    /// <summary>"best" (falls back to "last" where there is no best yet), "last", or a checkpoint file.</summary>
    public string Checkpoint { get; init; } = "best";

    /// <summary>How many images.</summary>
    public int Count { get; init; } = 64;

    /// <summary>Seed of the prior's draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Standard deviation of the prior's draws, as a factor: 1 is the prior itself, 0 its mean.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draw pixels from the likelihood instead of showing its mean.</summary>
    public bool DrawPixels { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:n".</summary>
    public string Device { get; init; } = "auto";
}
