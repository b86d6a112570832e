namespace Vae.Core.Configuration;

/// <summary>How the learning rate changes in the course of training; each multiplies <c>train.learning_rate</c>.</summary>
public abstract record ScheduleConfiguration
{
    internal static readonly Kind<ScheduleConfiguration>[] Kinds =
    [
        Kind.Of<ScheduleConfiguration, ConstantScheduleConfiguration>("constant"),
        Kind.Of<ScheduleConfiguration, StepScheduleConfiguration>("step", StepScheduleConfiguration.Map),
        Kind.Of<ScheduleConfiguration, CosineScheduleConfiguration>("cosine", CosineScheduleConfiguration.Map),
        Kind.Of<ScheduleConfiguration, BurdaScheduleConfiguration>("burda"),
        Kind.Of<ScheduleConfiguration, PlateauScheduleConfiguration>("plateau", PlateauScheduleConfiguration.Map),
    ];

    /// <summary>Above 0 and below 1: what makes a rate smaller.</summary>
    private protected static Interval Reduction { get; } = new(0, false, 1);
}

/// <summary>The learning rate stays.</summary>
public sealed record ConstantScheduleConfiguration : ScheduleConfiguration;

/// <summary>The learning rate falls by a factor every so many epochs.</summary>
public sealed record StepScheduleConfiguration : ScheduleConfiguration
{
    /// <summary>Epochs between falls.</summary>
    public int EveryEpochs { get; init; } = 10;

    /// <summary>What a fall multiplies the rate by.</summary>
    public double Factor { get; init; } = 0.5;

    internal static StepScheduleConfiguration Map(ConfigurationVisitor visitor, StepScheduleConfiguration value) => value with
    {
        EveryEpochs = visitor.Integer("every_epochs", value.EveryEpochs, 1, 1_000_000, "epochs between falls of the learning rate"),
        Factor = visitor.Real("factor", value.Factor, Reduction, "what a fall multiplies the learning rate by"),
    };
}

/// <summary>A linear rise, then half a cosine down (Loshchilov and Hutter 2017, without restarts).</summary>
public sealed record CosineScheduleConfiguration : ScheduleConfiguration
{
    /// <summary>Epochs until the rate is at its end, where it stays; null for <c>train.epochs</c>.</summary>
    public int? Epochs { get; init; }

    /// <summary>Epochs of the rise, counted among those; 0 for none.</summary>
    public int WarmupEpochs { get; init; }

    /// <summary>What is left of the learning rate at the end.</summary>
    public double Final { get; init; }

    internal static CosineScheduleConfiguration Map(ConfigurationVisitor visitor, CosineScheduleConfiguration value) => value with
    {
        Epochs = visitor.OptionalInteger("epochs", value.Epochs, 1, 1_000_000, "epochs until the end of the fall; null for train.epochs"),
        WarmupEpochs = visitor.Integer(
            "warmup_epochs", value.WarmupEpochs, 0, 999_999, "epochs of a linear rise before the fall, counted among epochs; 0 for none"),
        Final = visitor.Real("final", value.Final, Interval.Decay, "share of the learning rate that is left at the end"),
    };
}

/// <summary>10^(−i/7) for 3^i epochs, i = 0, …, 7, then as at the end (Burda et al. 2015); they start from a learning rate of 0.001.</summary>
public sealed record BurdaScheduleConfiguration : ScheduleConfiguration;

/// <summary>The learning rate falls by a factor when the validation ELBO has not risen for some epochs.</summary>
public sealed record PlateauScheduleConfiguration : ScheduleConfiguration
{
    /// <summary>Epochs without a better validation ELBO that make the rate fall.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>What a fall multiplies the rate by.</summary>
    public double Factor { get; init; } = 0.5;

    internal static PlateauScheduleConfiguration Map(ConfigurationVisitor visitor, PlateauScheduleConfiguration value) => value with
    {
        Patience = visitor.Integer(
            "patience", value.Patience, 1, 1_000_000, "epochs without a better validation ELBO that make the learning rate fall"),
        Factor = visitor.Real("factor", value.Factor, Reduction, "what a fall multiplies the learning rate by"),
    };
}
