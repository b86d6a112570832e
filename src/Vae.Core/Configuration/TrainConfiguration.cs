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

    internal static TrainConfiguration Map(ConfigurationVisitor visitor, TrainConfiguration value) => value with
    {
        Epochs = visitor.Integer("epochs", value.Epochs, 1, 1_000_000, "passes over the training images; may change on resume"),
        BatchSize = visitor.Integer("batch_size", value.BatchSize, 1, 1_000_000, "images a step"),
        LearningRate = visitor.Real("learning_rate", value.LearningRate, Interval.Positive, "step size of the optimizer"),
        Optimizer = visitor.Variant("optimizer", value.Optimizer, OptimizerConfiguration.Kinds, "turns gradients into updates"),
        Seed = visitor.Integer("seed", value.Seed, 0, long.MaxValue, "all randomness of the run derives from it"),
        CheckpointEverySteps = visitor.Integer(
            "checkpoint_every_steps", value.CheckpointEverySteps, 0, int.MaxValue, "steps between checkpoints; 0: only after each epoch"),
        OnDivergence = visitor.Choice("on_divergence", value.OnDivergence, "what happens when a loss or a gradient is not finite"),
    };
}

/// <summary>The rule that turns gradients into updates.</summary>
public abstract record OptimizerConfiguration
{
    internal static readonly Kind<OptimizerConfiguration>[] Kinds =
        [Kind.Of<OptimizerConfiguration, AdamConfiguration>("adam", AdamConfiguration.Map)];
}

/// <summary>Adam (Kingma and Ba 2015).</summary>
public sealed record AdamConfiguration : OptimizerConfiguration
{
    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal static AdamConfiguration Map(ConfigurationVisitor visitor, AdamConfiguration value) => value with
    {
        Beta1 = visitor.Real("beta1", value.Beta1, Interval.Decay, "decay of the mean of gradients"),
        Beta2 = visitor.Real("beta2", value.Beta2, Interval.Decay, "decay of the mean of squared gradients"),
        Epsilon = visitor.Real("epsilon", value.Epsilon, Interval.Positive, "added to the root of the mean square"),
    };
}
