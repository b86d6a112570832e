using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>
/// −(E_q[log p(x|z)] − β·KL(q‖p)) per example: the negative evidence lower bound for β = 1 (Kingma and Welling 2014),
/// β-VAE otherwise (Higgins et al. 2017), a deterministic autoencoder's loss for β = 0.
/// </summary>
/// <param name="Schedule">β over the steps.</param>
public sealed record ElboObjective(BetaSchedule Schedule) : Objective
{
    /// <inheritdoc/>
    public override double BetaAt(long step) => Schedule.At(step);

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, long step)
    {
        ElboTerms plain = terms(new TermsRequest());
        return new ObjectiveValue((BetaAt(step) * plain.Kl()) - plain.Reconstruction(), plain);
    }
}
