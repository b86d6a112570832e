using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>
/// β-TCVAE (Chen et al. 2018, equation 4): −E_q[log p(x|z)] + I(x; z) + β·TC(z) + Σ_d KL(q(z_d)‖p(z_d)). The aggregate posterior q(z) is
/// estimated by minibatch-weighted sampling (equation S6), log q(z) ≈ log (1/(N·B)) Σ_j q(z|x_j) over the batch, and each of its marginals
/// likewise; N weighs it, and enters the value as constants of no effect on the gradient. For β = 1 it is the negative ELBO.
/// </summary>
/// <param name="DatasetSize">N, the number of training images.</param>
/// <param name="Schedule">β, the weight of the total correlation, over the steps.</param>
public sealed record BetaTcObjective(long DatasetSize, BetaSchedule Schedule) : Objective
{
    /// <summary>β, the weight of the total correlation, at an update.</summary>
    public override double BetaAt(long step) => Schedule.At(step);

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, ObjectiveContext context)
    {
        ElboTerms plain = terms(new TermsRequest());
        (Tensor logAggregate, Tensor logMarginals) = AggregatePosterior(plain); // [B], [B]
        Tensor mutualInformation = plain.LogPosterior()[0] - logAggregate;      // [B]
        Tensor totalCorrelation = logAggregate - logMarginals;
        Tensor dimensionWise = logMarginals - plain.LogPrior()[0];
        Tensor loss = mutualInformation + (BetaAt(context.Step) * totalCorrelation) + dimensionWise - plain.Reconstruction();
        return new ObjectiveValue(loss, plain);
    }

    /// <inheritdoc/>
    public override double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step) => kl - reconstruction;

    // log q(z) and Σ_d log q(z_d) of the draw of each image, [B] and [B].
    private (Tensor LogAggregate, Tensor LogMarginals) AggregatePosterior(ElboTerms terms)
    {
        Tensor latents = terms.Latents[0];                                                // [B, D]
        Tensor pairs = terms.Posterior.LogMarginals(latents.unsqueeze(1));                // [B, B, D]: draw i under the posterior of image j
        double logCount = Math.Log(DatasetSize) + Math.Log(latents.shape[0]);
        Tensor logAggregate = pairs.sum(-1).logsumexp(1) - logCount;                      // [B]
        return (logAggregate, (pairs.logsumexp(1) - logCount).sum(-1));
    }
}
