namespace Vae.Core.Objectives;

/// <summary>
/// Free bits (Kingma et al. 2016, equation 15, each dimension a group of its own): −E_q[log p(x|z)] + β Σ_d max(λ, KL_d), where KL_d is the
/// batch's mean. A dimension that tells less than λ costs no more for telling more, so it does not collapse. The prior must be a product
/// over dimensions.
/// </summary>
internal sealed record FreeBitsObjective : WeightedObjective
{
    private const string NeedsSum =
        "\"free_bits\" counts nats for each latent dimension alone, which needs the prior \"standard_normal\"";

    /// <summary>λ, the nats that each latent dimension may tell for free.</summary>
    public double Lambda { get; init; } = 0.25;

    public override LossScope Scope => LossScope.PerBatch;

    public override double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step, int stepsPerEpoch) =>
        (BetaAt(step, stepsPerEpoch) * klPerDimension.Sum(nats => Math.Max(Lambda, nats))) - reconstruction;

    internal static FreeBitsObjective Map(ConfigurationVisitor visitor, FreeBitsObjective value) =>
        MapWeight(visitor, value, "weight of the KL term once warm-up is over") with
        {
            Lambda = visitor.Real("lambda", value.Lambda, Interval.NotNegative, "nats that each latent dimension may tell for free"),
        };

    internal override IEnumerable<ConfigurationError> Check(string path, ModelConfiguration model) =>
        model.KlIsSumOverDimensions ? base.Check(path, model) : [.. base.Check(path, model), new($"{path}.kind", NeedsSum)];

    private protected override ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context)
    {
        Terms terms = inference.Terms(draws);
        Tensor cost = terms.KlPerDimension()!.mean([0L]).clamp_min(Lambda).sum(); // of the batch, the same for each of its images
        return new ObjectiveValue((BetaAt(context.Step, context.StepsPerEpoch) * cost) - terms.Reconstruction(), terms);
    }
}
