using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>
/// Controlled capacity (Burgess et al. 2018, equation 8): −E_q[log p(x|z)] + γ·|KL(q‖p) − C|, where KL is the batch's mean and the capacity
/// C rises linearly from 0.
/// </summary>
/// <param name="Gamma">γ, how hard the KL is held to the capacity.</param>
/// <param name="Capacity">C at the end, in nats per image.</param>
/// <param name="RiseSteps">Updates over which it rises; 0 for none.</param>
public sealed record CapacityObjective(double Gamma, double Capacity, long RiseSteps) : Objective
{
    /// <summary>C at an update, counted from 0, in nats per image.</summary>
    public double CapacityAt(long step) => step >= RiseSteps ? Capacity : Capacity * step / RiseSteps;

    /// <inheritdoc/>
    public override double BetaAt(long step) => 1;

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, ObjectiveContext context)
    {
        ElboTerms plain = terms(new TermsRequest());
        Tensor distance = (plain.Kl().mean() - CapacityAt(context.Step)).abs();
        return new ObjectiveValue((Gamma * distance) - plain.Reconstruction(), plain);
    }

    /// <inheritdoc/>
    public override double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step) =>
        (Gamma * Math.Abs(kl - CapacityAt(step))) - reconstruction;
}
