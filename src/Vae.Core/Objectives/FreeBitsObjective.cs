using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>
/// Free bits (Kingma et al. 2016, equation 15, each dimension a group of its own): −E_q[log p(x|z)] + β Σ_d max(λ, KL_d), where KL_d is the
/// batch's mean. A dimension that tells less than λ costs no more for telling more, so it does not collapse. The prior must be a product
/// over dimensions.
/// </summary>
/// <param name="Lambda">λ in nats for each latent dimension.</param>
/// <param name="Schedule">β over the steps.</param>
public sealed record FreeBitsObjective(double Lambda, BetaSchedule Schedule) : Objective
{
    /// <inheritdoc/>
    public override double BetaAt(long step) => Schedule.At(step);

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, ObjectiveContext context)
    {
        ElboTerms plain = terms(new TermsRequest());
        Tensor perDimension = plain.KlPerDimension().mean([0L]);  // [D]
        Tensor charged = perDimension.clamp_min(Lambda).sum();    // of the batch, the same for each of its images
        return new ObjectiveValue((BetaAt(context.Step) * charged) - plain.Reconstruction(), plain);
    }

    /// <inheritdoc/>
    public override double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step) =>
        (BetaAt(step) * klPerDimension.Sum(nats => Math.Max(Lambda, nats))) - reconstruction;
}
