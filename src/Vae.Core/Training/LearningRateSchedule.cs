namespace Vae.Core.Training;

/// <summary>What the learning rate is multiplied by, a pure function of the step and the epoch, so that a resumed run cannot miss it.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The factor at an update.</summary>
    /// <param name="step">Updates done before it since the run began.</param>
    /// <param name="epoch">The epoch under way, from 1.</param>
    public abstract double FactorAt(long step, int epoch);
}

/// <summary>1.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(long step, int epoch) => 1;
}

/// <summary>A fall every so many epochs.</summary>
/// <param name="EveryEpochs">Epochs between falls.</param>
/// <param name="Factor">What a fall multiplies by.</param>
public sealed record StepSchedule(int EveryEpochs, double Factor) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(long step, int epoch) => Math.Pow(Factor, (epoch - 1) / EveryEpochs);
}

/// <summary>A linear rise that reaches 1 in its last step, then half a cosine to the end, where it stays (Loshchilov and Hutter 2017).</summary>
/// <param name="WarmupSteps">Steps of the rise; 0 for none.</param>
/// <param name="TotalSteps">Steps of rise and fall together, more than those of the rise.</param>
/// <param name="Final">The factor from <paramref name="TotalSteps"/> on.</param>
public sealed record CosineSchedule(long WarmupSteps, long TotalSteps, double Final) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double FactorAt(long step, int epoch)
    {
        if (step < WarmupSteps)
        {
            return (step + 1.0) / WarmupSteps;
        }

        double fallen = Math.Min(1, (double)(step - WarmupSteps) / (TotalSteps - WarmupSteps));
        return Final + ((1 - Final) * 0.5 * (1 + Math.Cos(Math.PI * fallen)));
    }
}

/// <summary>10^(−i/7) for 3^i epochs, i = 0, …, 7, then as at the end (Burda et al. 2015, section 5).</summary>
public sealed record BurdaSchedule : LearningRateSchedule
{
    private const int Stages = 7;

    /// <inheritdoc/>
    public override double FactorAt(long step, int epoch)
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
