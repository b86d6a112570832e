namespace Vae.Core.Training;

/// <summary>What happens when a loss or a gradient is not finite.</summary>
internal enum DivergencePolicy
{
    Stop,
    Rewind, // the run goes back to its last good checkpoint with half the learning rate, a limited number of times
}

/// <summary>How a model is trained.</summary>
internal sealed record TrainConfiguration
{
    public int Epochs { get; init; } = 20;
    public int BatchSize { get; init; } = 128;
    public double LearningRate { get; init; } = 1e-3;
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();
    public OptimizerConfiguration Optimizer { get; init; } = new AdamConfiguration();
    public double GradientClip { get; init; }
    public double EmaDecay { get; init; }

    /// <summary>Epochs in which β changes do not count: their ELBO is not what was trained for.</summary>
    public int Patience { get; init; }
    public long Seed { get; init; } = 1;
    public int Threads { get; init; }
    public Precision Precision { get; init; }
    public int CheckpointEverySteps { get; init; }
    public DivergencePolicy OnDivergence { get; init; } = DivergencePolicy.Stop;

    internal static TrainConfiguration Map(ConfigurationVisitor visitor, TrainConfiguration value) => value with
    {
        Epochs = visitor.Integer("epochs", value.Epochs, 1, 1_000_000, "passes over the training images; may change on resume"),
        BatchSize = visitor.Integer("batch_size", value.BatchSize, 1, 1_000_000, "images a step"),
        LearningRate = visitor.Real("learning_rate", value.LearningRate, Interval.Positive, "step size of the optimizer"),
        Schedule = visitor.Variant("schedule", value.Schedule, LearningRateSchedule.Kinds, "how the learning rate changes"),
        Optimizer = visitor.Variant("optimizer", value.Optimizer, OptimizerConfiguration.Kinds, "turns gradients into updates"),
        GradientClip = visitor.Real(
            "gradient_clip", value.GradientClip, Interval.NotNegative, "largest norm of all gradients together; 0 for no limit"),
        EmaDecay = visitor.Real(
            "ema_decay", value.EmaDecay, Interval.Decay,
            "decay of the average of weights that evaluation uses; 0 for the weights themselves"),
        Patience = visitor.Integer(
            "patience", value.Patience, 0, 1_000_000,
            "epochs without a better validation ELBO that end training; 0: none; may change on resume"),
        Seed = visitor.Integer("seed", value.Seed, 0, long.MaxValue, "all randomness of the run derives from it"),
        Threads = visitor.Integer(
            "threads", value.Threads, 0, 1024, "threads that share the work of a step; 0: measured and kept; may change on resume"),
        Precision = visitor.Choice(
            "precision", value.Precision, "how a GPU multiplies in updates; tf32 needs one; may change on resume"),
        CheckpointEverySteps = visitor.Integer(
            "checkpoint_every_steps", value.CheckpointEverySteps, 0, int.MaxValue, "steps between checkpoints; 0: only after each epoch"),
        OnDivergence = visitor.Choice("on_divergence", value.OnDivergence, "what happens when a loss or a gradient is not finite"),
    };

    /// <summary>The learning rate of an update, but for a plateau and rewinds.</summary>
    internal double LearningRateAt(long step, int epoch, int stepsPerEpoch) =>
        LearningRate * Schedule.FactorAt(step, epoch, stepsPerEpoch, Epochs);

    /// <summary>What one key forbids another.</summary>
    internal IEnumerable<ConfigurationError> Check(bool hasValidation)
    {
        const string NeedsValidation = "is about the validation ELBO, but data.validation is 0; set aside some images";
        foreach (ConfigurationError error in Optimizer.Check("$.train.optimizer").Concat(Schedule.Check("$.train.schedule", this)))
        {
            yield return error;
        }

        if (!hasValidation && Patience > 0)
        {
            yield return new("$.train.patience", NeedsValidation);
        }

        if (!hasValidation && Schedule is PlateauSchedule)
        {
            yield return new("$.train.schedule", NeedsValidation);
        }
    }
}
