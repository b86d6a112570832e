namespace Vae.Core.Objectives;

/// <summary>
/// Controlled capacity (Burgess et al. 2018, equation 8): −E_q[log p(x|z)] + γ·|KL(q‖p) − C|, where KL is the batch's mean and the capacity
/// C rises linearly from 0.
/// </summary>
internal sealed record CapacityObjective : Objective
{
    /// <summary>γ, how hard the KL is held to the capacity.</summary>
    public double Gamma { get; init; } = 100;

    /// <summary>C at the end, in nats per image.</summary>
    public double Capacity { get; init; } = 25;

    /// <summary>Epochs over which C rises from 0; 0 for none.</summary>
    public int RiseEpochs { get; init; } = 10;

    public override LossScope Scope => LossScope.PerBatch;

    private protected override bool NeedsGaussianPosterior => true;

    /// <summary>C at an update, counted from 0, in nats per image.</summary>
    public double CapacityAt(long step, int stepsPerEpoch)
    {
        long rise = (long)RiseEpochs * stepsPerEpoch;
        return step >= rise ? Capacity : Capacity * step / rise;
    }

    public override double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step, int stepsPerEpoch) =>
        (Gamma * Math.Abs(kl - CapacityAt(step, stepsPerEpoch))) - reconstruction;

    internal static CapacityObjective Map(ConfigurationVisitor visitor, CapacityObjective value) => value with
    {
        Gamma = visitor.Real("gamma", value.Gamma, Interval.NotNegative, "how hard the KL is held to the capacity"),
        Capacity = visitor.Real("capacity", value.Capacity, Interval.NotNegative, "the KL wanted at the end, in nats per image"),
        RiseEpochs = visitor.Integer("rise_epochs", value.RiseEpochs, 0, MostEpochs, "epochs over which the capacity rises from 0"),
    };

    private protected override ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context)
    {
        Terms terms = inference.Terms(draws);
        Tensor distance = (terms.Kl().mean() - CapacityAt(context.Step, context.StepsPerEpoch)).abs();
        return new ObjectiveValue((Gamma * distance) - terms.Reconstruction(), terms);
    }
}
