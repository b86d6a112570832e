namespace Vae.Core.Training;

/// <summary>
/// What <c>train.learning_rate</c> is multiplied by in the course of training, a pure function of the step and the epoch, so
/// that a resumed run cannot miss it.
/// </summary>
internal abstract record LearningRateSchedule
{
    internal static readonly Kind<LearningRateSchedule>[] Kinds =
    [
        Kind.Of<LearningRateSchedule, ConstantSchedule>("constant"),
        Kind.Of<LearningRateSchedule, StepSchedule>("step", StepSchedule.Map),
        Kind.Of<LearningRateSchedule, CosineSchedule>("cosine", CosineSchedule.Map),
        Kind.Of<LearningRateSchedule, BurdaSchedule>("burda"),
        Kind.Of<LearningRateSchedule, PlateauSchedule>("plateau", PlateauSchedule.Map),
    ];

    /// <summary>Above 0 and below 1: what makes a rate smaller.</summary>
    private protected static Interval Reduction { get; } = new(0, false, 1);

    /// <summary>The factor at an update, after so many steps since the run began and in this epoch, from 1, of so many.</summary>
    public virtual double FactorAt(long step, int epoch, int stepsPerEpoch, int epochs) => 1;

    /// <summary>What other keys forbid.</summary>
    internal virtual IEnumerable<ConfigurationError> Check(string path, TrainConfiguration train) => [];
}

/// <summary>The learning rate stays.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule;

/// <summary>The learning rate falls by a factor every so many epochs.</summary>
internal sealed record StepSchedule : LearningRateSchedule
{
    public int EveryEpochs { get; init; } = 10;
    public double Factor { get; init; } = 0.5;

    internal static StepSchedule Map(ConfigurationVisitor visitor, StepSchedule value) => value with
    {
        EveryEpochs = visitor.Integer("every_epochs", value.EveryEpochs, 1, 1_000_000, "epochs between falls of the learning rate"),
        Factor = visitor.Real("factor", value.Factor, Reduction, "what a fall multiplies the learning rate by"),
    };

    public override double FactorAt(long step, int epoch, int stepsPerEpoch, int epochs) => Math.Pow(Factor, (epoch - 1) / EveryEpochs);
}

/// <summary>
/// A linear rise that reaches 1 in its last step, then half a cosine to the end, where it stays (Loshchilov and
/// Hutter 2017, without restarts).
/// </summary>
internal sealed record CosineSchedule : LearningRateSchedule
{
    public int? Epochs { get; init; }
    public int WarmupEpochs { get; init; }
    public double Final { get; init; }

    internal static CosineSchedule Map(ConfigurationVisitor visitor, CosineSchedule value) => value with
    {
        Epochs = visitor.OptionalInteger("epochs", value.Epochs, 1, 1_000_000, "epochs until the end of the fall; null for train.epochs"),
        WarmupEpochs = visitor.Integer(
            "warmup_epochs", value.WarmupEpochs, 0, 999_999, "epochs of a linear rise before the fall, counted among epochs; 0 for none"),
        Final = visitor.Real("final", value.Final, Interval.Decay, "share of the learning rate that is left at the end"),
    };

    public override double FactorAt(long step, int epoch, int stepsPerEpoch, int epochs)
    {
        long warmupSteps = (long)WarmupEpochs * stepsPerEpoch;
        if (step < warmupSteps)
        {
            return (step + 1.0) / warmupSteps;
        }

        long totalSteps = (long)(Epochs ?? epochs) * stepsPerEpoch;
        double fallen = Math.Min(1, (double)(step - warmupSteps) / (totalSteps - warmupSteps));
        return Final + ((1 - Final) * 0.5 * (1 + Math.Cos(Math.PI * fallen)));
    }

    internal override IEnumerable<ConfigurationError> Check(string path, TrainConfiguration train)
    {
        int epochs = Epochs ?? train.Epochs;
        return WarmupEpochs < epochs
            ? []
            : [new($"{path}.warmup_epochs", $"expected fewer than the schedule's {epochs} epochs, found {WarmupEpochs}")];
    }
}

/// <summary>
/// 10^(−i/7) for 3^i epochs, i = 0, …, 7, then as at the end (Burda et al. 2015, section 5); they start from a learning rate of 0.001.
/// </summary>
internal sealed record BurdaSchedule : LearningRateSchedule
{
    private const int Stages = 7;

    public override double FactorAt(long step, int epoch, int stepsPerEpoch, int epochs)
    {
        int stage = 0;
        int length = 1;
        for (int last = length; stage < Stages && epoch > last; last += length)
        {
            stage++;
            length *= 3;
        }

        return Math.Pow(10, -stage / (double)Stages);
    }
}

/// <summary>
/// The learning rate falls by a factor when the validation ELBO has not risen for some epochs. It depends on what was measured, so its
/// state stands in <see cref="TrainingProgress"/> and in every checkpoint.
/// </summary>
internal sealed record PlateauSchedule : LearningRateSchedule
{
    public int Patience { get; init; } = 10;
    public double Factor { get; init; } = 0.5;

    internal static PlateauSchedule Map(ConfigurationVisitor visitor, PlateauSchedule value) => value with
    {
        Patience = visitor.Integer(
            "patience", value.Patience, 1, 1_000_000, "epochs without a better validation ELBO that make the learning rate fall"),
        Factor = visitor.Real("factor", value.Factor, Reduction, "what a fall multiplies the learning rate by"),
    };

    /// <summary>What the learning rate is multiplied by now.</summary>
    public double FactorAt(TrainingProgress progress) => Math.Pow(Factor, progress.RateReductions);

    /// <summary>The state after an epoch, whose ELBO may be the best of the run.</summary>
    public TrainingProgress Observe(TrainingProgress progress, bool isBest)
    {
        int epochs = isBest ? 0 : progress.PlateauEpochs + 1;
        return epochs < Patience
            ? progress with { PlateauEpochs = epochs }
            : progress with { PlateauEpochs = 0, RateReductions = progress.RateReductions + 1 };
    }
}
