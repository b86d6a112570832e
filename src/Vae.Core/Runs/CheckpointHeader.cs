namespace Vae.Core.Runs;

/// <summary>What a checkpoint says about itself.</summary>
internal sealed record CheckpointHeader
{
    /// <summary>
    /// The format that is written: 3, whose progress has the sums of an epoch under way by the names of their figures. Format 2 has three sums
    /// of its own names, and format 1 the same of earlier libraries, under which a run cannot go on bit for bit.
    /// </summary>
    public const int CurrentFormat = 3;

    /// <summary>The format it has, from 1 to <see cref="CurrentFormat"/>.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The run's whole configuration as JSON.</summary>
    public required string Configuration { get; init; }

    /// <summary>Shape of the images the model was built for.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>Where the run stands.</summary>
    public required TrainingProgress Progress { get; init; }

    /// <summary>The seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>The version of the program that wrote it.</summary>
    public required string ToolVersion { get; init; }
}
