namespace Vae.Core.Objectives;

/// <summary>The weight β of the KL term, a pure function of the step, so that neither evaluating nor resuming can move it.</summary>
/// <param name="Beta">The weight after the warm-up; 1 is the evidence lower bound.</param>
/// <param name="WarmupSteps">Steps over which the weight rises linearly from 0; 0 for none.</param>
public sealed record BetaSchedule(double Beta, long WarmupSteps)
{
    /// <summary>β at an update, counted from 0.</summary>
    public double At(long step) => step >= WarmupSteps ? Beta : Beta * step / WarmupSteps;
}
