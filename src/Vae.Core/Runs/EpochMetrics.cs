namespace Vae.Core.Runs;

/// <summary>What one epoch of training came to; one line of metrics.jsonl.</summary>
public sealed record EpochMetrics
{
    /// <summary>The epoch just finished, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Updates done since the run began.</summary>
    public required long Step { get; init; }

    /// <summary>Means over the training images, each under the weights of its own step.</summary>
    public required EpochFigures Train { get; init; }

    /// <summary>Means over the validation images under the weights at the end of the epoch; null without a validation split.</summary>
    public EpochFigures? Validation { get; init; }

    /// <summary>β at the last step of the epoch.</summary>
    public required double Beta { get; init; }

    /// <summary>Latent dimensions whose posterior mean varies over the data by more than 0.01 (Burda et al. 2015, section 5.2); null for one image.</summary>
    public required int? ActiveUnits { get; init; }

    /// <summary>Training images per second, validation and output not counted.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Wall time of the whole epoch, validation and output included.</summary>
    public required double Seconds { get; init; }
}
