namespace Vae.Benchmarks;

/// <summary>What a case gave.</summary>
internal sealed record CaseResult
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>When it was measured, UTC.</summary>
    public DateTime Measured { get; init; } = DateTime.UtcNow;

    /// <summary>What the sides do again and again: a step, an image, an epoch.</summary>
    public required string Unit { get; init; }

    /// <summary>Images in a unit; 0 where images are not what counts.</summary>
    public int ImagesPerUnit { get; init; }

    /// <summary>Seconds a unit in each round, by side: "ours", the peers by name, "floor".</summary>
    public IReadOnlyDictionary<string, double[]> SecondsPerUnit { get; init; } = new Dictionary<string, double[]>();

    /// <summary>Our speed over each peer's, round by round.</summary>
    public IReadOnlyDictionary<string, Spread> Speedups { get; init; } = new Dictionary<string, Spread>();

    /// <summary>Our time over the floor's, round by round.</summary>
    public Spread? OverFloor { get; init; }

    /// <summary>How we worked: threads and the like.</summary>
    public string? OurSetting { get; init; }

    /// <summary>The arrangement at which the floor was fastest.</summary>
    public string? FloorSetting { get; init; }

    /// <summary>What the peers were, by name.</summary>
    public IReadOnlyDictionary<string, PeerResult> Peers { get; init; } = new Dictionary<string, PeerResult>();

    /// <summary>Every arrangement of the floor that was tried, with seconds a unit.</summary>
    public IReadOnlyDictionary<string, double>? FloorTried { get; init; }

    /// <summary>Bytes of garbage-collected memory taken in a unit.</summary>
    public double? AllocatedBytesPerUnit { get; init; }

    /// <summary>The largest memory that we held until our side had warmed up, the data included.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>Each epoch of a training, by side.</summary>
    public IReadOnlyDictionary<string, EpochPoint[]>? Epochs { get; init; }

    /// <summary>Other figures, by name and unit, such as "start, ms".</summary>
    public IReadOnlyDictionary<string, Spread>? Figures { get; init; }

    /// <summary>What a reader must know beside the figures.</summary>
    public string? Note { get; init; }

    /// <summary>With ratios from the times.</summary>
    public CaseResult WithRatios() => this with
    {
        Speedups = SecondsPerUnit.Where(side => PeerProgram.Titles.ContainsKey(side.Key))
            .ToDictionary(side => side.Key, side => Spread.OfRatios(side.Value, SecondsPerUnit["ours"])),
        OverFloor = SecondsPerUnit.TryGetValue("floor", out double[]? floor) ? Spread.OfRatios(SecondsPerUnit["ours"], floor) : null,
    };
}
