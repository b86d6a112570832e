namespace Vae.Core.Training;

/// <summary>What a trainer works with, put together by the verb that trains.</summary>
internal sealed record TrainerParts
{
    public required LatentModel Model { get; init; }

    /// <summary>The average of weights that evaluation uses; null for the weights themselves.</summary>
    public WeightAverage? Average { get; init; }
    public required TrainStep Step { get; init; }

    public FlatOptimizer Optimizer => Step.Optimizer;

    public required Objective Objective { get; init; }
    public required int TrainImages { get; init; }

    /// <summary>The images the model is evaluated on after each epoch.</summary>
    public required BatchLoader Evaluation { get; init; }

    /// <summary>Whether <see cref="Evaluation"/> is held-out data; otherwise it is training data and chooses no best checkpoint.</summary>
    public required bool EvaluationIsValidation { get; init; }
    public required ComputeDevice Device { get; init; }
    public required RunFolder Folder { get; init; }
    public required RunRecorder Recorder { get; init; }

    /// <summary>Writes weights, optimizer state and progress to a file.</summary>
    public required Action<string, TrainingProgress> SaveCheckpoint { get; init; }

    /// <summary>Reads weights and optimizer state back and returns the progress they stand at.</summary>
    public required Func<string, TrainingProgress> RestoreCheckpoint { get; init; }

    /// <summary>Watches a run whose number of threads was found by trial; null for all others.</summary>
    public FirstSeconds? FirstSeconds { get; init; }

    /// <summary>Goes on with so many threads, and says so in the run's configuration and in every checkpoint to come.</summary>
    public required Action<int> UseThreads { get; init; }
}
