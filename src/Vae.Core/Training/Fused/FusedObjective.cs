using Vae.Core.Objectives;

namespace Vae.Core.Training.Fused;

/// <summary>
/// An objective as the fused step needs it: either a bound with weights on the KL of each dimension, or an importance-weighted bound.
/// </summary>
internal abstract record FusedObjective
{
    /// <summary>K.</summary>
    public virtual int Draws => 1;

    /// <summary>The gradient of an importance-weighted bound; null for a bound with a KL term.</summary>
    public virtual IwaeGradient? Importance => null;

    /// <summary>Whether latents are the posterior's means.</summary>
    public virtual bool IsDeterministic => false;

    /// <summary>Whether the weights of the KL depend on the batch's means.</summary>
    public virtual bool LooksAtBatch => false;

    /// <summary>What the KL costs, and how that changes with it.</summary>
    /// <param name="step">The update, counted from 0.</param>
    /// <param name="meanKl">KL of each dimension as the batch's mean, [D].</param>
    /// <param name="weights">The cost's derivative by each of them, [D].</param>
    /// <returns>The cost in nats per image.</returns>
    public virtual double Charge(long step, ReadOnlySpan<double> meanKl, Span<float> weights) => 0;

    /// <summary>The factor on a KL that is estimated from draws.</summary>
    public virtual double Weight(long step) => 1;

    /// <summary>The form of an objective; null where it has none.</summary>
    /// <param name="objective">Which.</param>
    /// <param name="hasClosedFormKl">Whether the prior's KL is in closed form and a sum over dimensions.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    public static FusedObjective? For(Objective objective, bool hasClosedFormKl, int stepsPerEpoch) => objective switch
    {
        ElboObjective { IsDeterministic: true } => hasClosedFormKl ? new Autoencoder() : null,
        ElboObjective elbo => new Weighted(elbo, stepsPerEpoch),
        IwaeObjective iwae => new ImportanceWeighted(iwae),
        FreeBitsObjective freeBits when hasClosedFormKl => new FreeBits(freeBits, stepsPerEpoch),
        CapacityObjective capacity when hasClosedFormKl => new Capacity(capacity, stepsPerEpoch),
        _ => null,
    };

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }

    private sealed record Autoencoder : FusedObjective
    {
        public override bool IsDeterministic => true;
    }

    private sealed record Weighted(Objective Objective, int StepsPerEpoch) : FusedObjective
    {
        public override double Weight(long step) => Objective.BetaAt(step, StepsPerEpoch);

        public override double Charge(long step, ReadOnlySpan<double> meanKl, Span<float> weights)
        {
            double beta = Objective.BetaAt(step, StepsPerEpoch);
            weights.Fill((float)beta);
            return beta * Sum(meanKl);
        }
    }

    private sealed record ImportanceWeighted(IwaeObjective Objective) : FusedObjective
    {
        public override int Draws => Objective.Samples;

        public override IwaeGradient? Importance => Objective.Gradient;
    }

    private sealed record FreeBits(FreeBitsObjective Objective, int StepsPerEpoch) : FusedObjective
    {
        public override bool LooksAtBatch => true;

        public override double Charge(long step, ReadOnlySpan<double> meanKl, Span<float> weights)
        {
            double beta = Objective.BetaAt(step, StepsPerEpoch);
            double charge = 0;
            for (int d = 0; d < weights.Length; d++)
            {
                weights[d] = meanKl[d] >= Objective.Lambda ? (float)beta : 0;
                charge += beta * Math.Max(Objective.Lambda, meanKl[d]);
            }

            return charge;
        }
    }

    private sealed record Capacity(CapacityObjective Objective, int StepsPerEpoch) : FusedObjective
    {
        public override bool LooksAtBatch => true;

        public override double Charge(long step, ReadOnlySpan<double> meanKl, Span<float> weights)
        {
            double excess = Sum(meanKl) - Objective.CapacityAt(step, StepsPerEpoch);
            weights.Fill((float)(Objective.Gamma * Math.Sign(excess)));
            return Objective.Gamma * Math.Abs(excess);
        }
    }
}
