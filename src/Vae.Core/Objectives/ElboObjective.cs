using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>
/// −(E_q[log p(x|z)] − β·KL(q‖p)) per example: the negative evidence lower bound for β = 1 (Kingma and Welling 2014),
/// β-VAE otherwise (Higgins et al. 2017). β = 0 is a deterministic autoencoder: its latents are the posterior's means, without noise.
/// </summary>
/// <param name="Schedule">β over the steps.</param>
public sealed record ElboObjective(BetaSchedule Schedule) : Objective
{
    /// <inheritdoc/>
    public override bool IsDeterministic => Schedule.Beta == 0;

    /// <inheritdoc/>
    public override double BetaAt(long step) => Schedule.At(step);

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, ObjectiveContext context)
    {
        ElboTerms plain = terms(new TermsRequest { PosteriorMeans = IsDeterministic });
        return IsDeterministic
            ? new ObjectiveValue(-plain.Reconstruction(), plain) // 0 · KL would still be NaN where the KL overflows
            : new ObjectiveValue((BetaAt(context.Step) * plain.Kl()) - plain.Reconstruction(), plain);
    }
}
