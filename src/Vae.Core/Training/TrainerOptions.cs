namespace Vae.Core.Training;

/// <summary>How long to train and when to save.</summary>
public sealed record TrainerOptions
{
    /// <summary>Epochs in all.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images an update; the last of an epoch takes what is left.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The learning rate before schedule, plateau and rewinds.</summary>
    public required double LearningRate { get; init; }

    /// <summary>What becomes of it in the course of training.</summary>
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Whether it falls when the ELBO rises no more; null for not.</summary>
    public Plateau? Plateau { get; init; }

    /// <summary>
    /// Epochs without a better validation ELBO that end the run; 0 for none. Epochs in which β changes do not count: their ELBO is not what
    /// was trained for.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>The seed all randomness derives from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Updates between checkpoints within an epoch; 0 for none within.</summary>
    public int CheckpointEverySteps { get; init; }

    /// <summary>Whether a divergence goes back to the last checkpoint with half the learning rate instead of ending the run.</summary>
    public bool RewindOnDivergence { get; init; }
}
