namespace Vae.Core.Configuration;

/// <summary>What happens when a loss or a gradient is not finite.</summary>
public enum DivergencePolicy
{
    /// <summary>The run ends.</summary>
    Stop,

    /// <summary>The run goes back to its last good checkpoint with half the learning rate, a limited number of times.</summary>
    Rewind,
}

/// <summary>How a model is trained.</summary>
public sealed record TrainConfiguration
{
    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images a step; the last step of an epoch takes what is left.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Step size of the optimizer.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The rule that turns gradients into updates.</summary>
    public OptimizerConfiguration Optimizer { get; init; } = new AdamConfiguration();

    /// <summary>All randomness of the run derives from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Steps between checkpoints within an epoch; 0 for one at the end of each epoch only.</summary>
    public int CheckpointEverySteps { get; init; }

    /// <summary>What happens when a loss or a gradient is not finite.</summary>
    public DivergencePolicy OnDivergence { get; init; } = DivergencePolicy.Stop;
}

/// <summary>The rule that turns gradients into updates.</summary>
public abstract record OptimizerConfiguration;

/// <summary>Adam (Kingma and Ba 2015).</summary>
public sealed record AdamConfiguration : OptimizerConfiguration
{
    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; init; } = 1e-8;
}
