namespace Vae.Core.Composition;

/// <summary>Everything `sample` needs to know.</summary>
public sealed record SampleRequest : ModelRequest
{
    /// <summary>How many images.</summary>
    public int Count { get; init; } = 64;

    /// <summary>Seed of the prior's draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Standard deviation of the prior's draws, as a factor: 1 is the prior itself, 0 its mean.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draw pixels from the likelihood instead of showing its mean.</summary>
    public bool DrawPixels { get; init; }
}
