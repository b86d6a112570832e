namespace Vae.Core.Objectives;

/// <summary>
/// −(E_q[log p(x|z)] − β·KL(q‖p)) per example: the negative evidence lower bound for β = 1 (Kingma and Welling 2014),
/// β-VAE otherwise (Higgins et al. 2017). β = 0 is a deterministic autoencoder: its latents are the posterior's means, without noise.
/// </summary>
internal sealed record ElboObjective : WeightedObjective
{
    public override bool IsDeterministic => Beta == 0;

    internal override DenseLoss? DenseForm => IsDeterministic ? null : DenseLoss.Elbo;

    internal static ElboObjective Map(ConfigurationVisitor visitor, ElboObjective value) =>
        MapWeight(visitor, value, "weight of the KL term once warm-up is over; 0 is a deterministic autoencoder");

    private protected override ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context)
    {
        Terms terms = inference.Terms(draws, new TermsRequest { PosteriorMeans = IsDeterministic });
        Tensor distortion = -terms.Reconstruction(); // [B]
        return IsDeterministic
            ? new ObjectiveValue(distortion, terms) // 0 · KL would still be NaN where the KL overflows
            : new ObjectiveValue((BetaAt(context.Step, context.StepsPerEpoch) * terms.Kl()) + distortion, terms);
    }
}
