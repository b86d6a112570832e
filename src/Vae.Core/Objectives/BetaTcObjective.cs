namespace Vae.Core.Objectives;

/// <summary>
/// β-TCVAE (Chen et al. 2018, equation 4): −E_q[log p(x|z)] + I(x; z) + β·TC(z) + Σ_d KL(q(z_d)‖p(z_d)). The aggregate posterior q(z) is
/// estimated by minibatch-weighted sampling (equation S6), log q(z) ≈ log (1/(N·B)) Σ_j q(z|x_j) over the batch, and each of its marginals
/// likewise; N weighs it, and enters the value as constants of no effect on the gradient. For β = 1 it is the negative ELBO.
/// </summary>
internal sealed record BetaTcObjective : WeightedObjective
{
    /// <summary>With the weight of the paper.</summary>
    public BetaTcObjective() => Beta = 6;

    public override LossScope Scope => LossScope.PerBatch;

    private protected override bool NeedsGaussianPosterior => true;

    public override double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step, int stepsPerEpoch) =>
        kl - reconstruction;

    internal static BetaTcObjective Map(ConfigurationVisitor visitor, BetaTcObjective value) =>
        MapWeight(visitor, value, "weight of the total correlation once warm-up is over");

    private protected override ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context)
    {
        Terms terms = inference.Terms(draws);
        Tensor latents = terms.Latents[0].Z[0];                                                                            // [B, D]
        (Tensor logAggregate, Tensor logMarginals) = LogDensities(terms.Latents[0].Posterior!, latents, context.TrainingImages); // [B], [B]
        Tensor mutualInformation = terms.LogPosterior()[0] - logAggregate;                                                 // [B]
        Tensor totalCorrelation = logAggregate - logMarginals;
        Tensor dimensionWise = logMarginals - terms.LogPrior()[0];
        double beta = BetaAt(context.Step, context.StepsPerEpoch);
        return new ObjectiveValue(mutualInformation + (beta * totalCorrelation) + dimensionWise - terms.Reconstruction(), terms);
    }

    // log q(z) and Σ_d log q(z_d) of the draw of each image, [B] and [B].
    private static (Tensor LogAggregate, Tensor LogMarginals) LogDensities(DiagonalGaussian posterior, Tensor latents, long trainingImages)
    {
        Tensor pairs = posterior.LogMarginals(latents.unsqueeze(1));          // [B, B, D]: draw i under the posterior of image j
        double logCount = Math.Log(trainingImages) + Math.Log(latents.shape[0]);
        Tensor logAggregate = pairs.sum(-1).logsumexp(1) - logCount;          // [B]
        return (logAggregate, (pairs.logsumexp(1) - logCount).sum(-1));
    }
}
