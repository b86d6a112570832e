using Vae.Core.Checkpoints;

namespace Vae.Core.Training;

/// <summary>
/// Lets the learning rate fall when the validation ELBO has not risen for some epochs. It depends on what was measured, so its state stands in
/// <see cref="TrainingProgress"/> and in every checkpoint.
/// </summary>
/// <param name="Patience">Epochs without a better ELBO that make the rate fall; after a fall they are counted anew.</param>
/// <param name="Factor">What a fall multiplies the rate by.</param>
public sealed record Plateau(int Patience, double Factor)
{
    /// <summary>What the learning rate is multiplied by now.</summary>
    public double FactorAt(TrainingProgress progress) => Math.Pow(Factor, progress.RateReductions);

    /// <summary>Takes note of an epoch.</summary>
    /// <param name="progress">The state before it.</param>
    /// <param name="isBest">Whether its ELBO is the best of the run.</param>
    public TrainingProgress Observe(TrainingProgress progress, bool isBest)
    {
        int epochs = isBest ? 0 : progress.PlateauEpochs + 1;
        return epochs < Patience
            ? progress with { PlateauEpochs = epochs }
            : progress with { PlateauEpochs = 0, RateReductions = progress.RateReductions + 1 };
    }
}
