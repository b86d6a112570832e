using Vae.Core.Configuration;
using Vae.Core.Training;

namespace Vae.Core.Composition;

/// <summary>Turns a schedule's configuration into what the trainer needs of it.</summary>
internal static class ScheduleFactory
{
    /// <summary>The part that depends on the step and the epoch alone.</summary>
    public static LearningRateSchedule Build(TrainConfiguration configuration, int stepsPerEpoch) => configuration.Schedule switch
    {
        ConstantScheduleConfiguration or PlateauScheduleConfiguration => new ConstantSchedule(),
        StepScheduleConfiguration step => new StepSchedule(step.EveryEpochs, step.Factor),
        CosineScheduleConfiguration cosine => new CosineSchedule(
            (long)cosine.WarmupEpochs * stepsPerEpoch, (long)(cosine.Epochs ?? configuration.Epochs) * stepsPerEpoch, cosine.Final),
        BurdaScheduleConfiguration => new BurdaSchedule(),
        _ => throw new NotSupportedException($"{configuration.Schedule} has no implementation."),
    };

    /// <summary>The part that depends on the validation ELBO, if any.</summary>
    public static Plateau? Plateau(TrainConfiguration configuration) =>
        configuration.Schedule is PlateauScheduleConfiguration plateau ? new Plateau(plateau.Patience, plateau.Factor) : null;
}
