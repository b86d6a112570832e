namespace Vae.Core.Objectives;

/// <summary>
/// The weight β of the KL term, a pure function of the step, so that neither evaluating nor resuming can move it: constant, with a linear
/// warm-up (Bowman et al. 2016; Sønderby et al. 2016), or with the warm-up anew in each cycle (Fu et al. 2019).
/// </summary>
/// <param name="Beta">The weight after the warm-up; 1 is the evidence lower bound.</param>
/// <param name="WarmupSteps">Steps over which the weight rises linearly from 0; 0 for none.</param>
/// <param name="CycleSteps">Steps after which the warm-up begins again; 0 for never.</param>
public sealed record BetaSchedule(double Beta, long WarmupSteps = 0, long CycleSteps = 0)
{
    /// <summary>β at an update, counted from 0.</summary>
    public double At(long step)
    {
        long inCycle = CycleSteps > 0 ? step % CycleSteps : step;
        return inCycle >= WarmupSteps ? Beta : Beta * inCycle / WarmupSteps;
    }
}
