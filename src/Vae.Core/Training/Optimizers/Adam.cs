namespace Vae.Core.Training.Optimizers;

/// <summary>What the members of Adam's family have in common.</summary>
internal abstract record AdamFamilyConfiguration : OptimizerConfiguration
{
    public double Beta1 { get; init; } = 0.9;
    public double Beta2 { get; init; } = 0.999;
    public double Epsilon { get; init; } = 1e-8;

    private protected static T MapFamily<T>(ConfigurationVisitor visitor, T value)
        where T : AdamFamilyConfiguration => (T)(value with
        {
            Beta1 = visitor.Real("beta1", value.Beta1, Interval.Decay, "decay of the mean of gradients"),
            Beta2 = visitor.Real(
                "beta2", value.Beta2, Interval.Decay, "decay of the mean of squared gradients, in adamax of their maximum"),
            Epsilon = visitor.Real(
                "epsilon", value.Epsilon, Interval.Positive, "added to the root of the mean square, in adamax to the maximum"),
        });
}

/// <summary>Adam (Kingma and Ba 2015).</summary>
internal sealed record AdamConfiguration : AdamFamilyConfiguration
{
    internal static AdamConfiguration Map(ConfigurationVisitor visitor, AdamConfiguration value) => MapFamily(visitor, value);

    internal override UpdateRule Rule() => new AdamRule(this, weightDecay: 0);
}

/// <summary>Adam with weight decay that the gradients' size does not scale (Loshchilov and Hutter 2019).</summary>
internal sealed record AdamWConfiguration : AdamFamilyConfiguration
{
    public double WeightDecay { get; init; } = 0.01;

    internal static AdamWConfiguration Map(ConfigurationVisitor visitor, AdamWConfiguration value) => MapFamily(visitor, value) with
    {
        WeightDecay = visitor.Real(
            "weight_decay", value.WeightDecay, Interval.NotNegative, "share of each weight that a step takes off, times the learning rate"),
    };

    internal override UpdateRule Rule() => new AdamRule(this, WeightDecay);
}

internal sealed class AdamRule(AdamFamilyConfiguration options, double weightDecay) : UpdateRule("exp_avg", "exp_avg_sq")
{
    private double _keep;
    private double _stepSize;
    private double _rootCorrection;

    public override void Prepare(long step, double learningRate)
    {
        _keep = 1 - (learningRate * weightDecay);
        _stepSize = learningRate / (1 - Math.Pow(options.Beta1, step));
        _rootCorrection = 1 / Math.Sqrt(1 - Math.Pow(options.Beta2, step));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Apply<TWeights, T>(TWeights weights)
    {
        T beta1 = T.Of(options.Beta1);
        T rest1 = T.Of(1 - options.Beta1);
        T beta2 = T.Of(options.Beta2);
        T rest2 = T.Of(1 - options.Beta2);
        T epsilon = T.Of(options.Epsilon);
        T keep = T.Of(_keep);
        T stepSize = T.Of(_stepSize);
        T rootCorrection = T.Of(_rootCorrection);
        for (int i = 0; i < weights.Count; i++)
        {
            T gradient = weights.Gradient(i);
            T mean = (weights.First(i) * beta1) + (gradient * rest1);
            T square = (weights.Second(i) * beta2) + (gradient * gradient * rest2);
            T size = (T.Sqrt(square) * rootCorrection) + epsilon;
            weights.KeepFirst(i, mean);
            weights.KeepSecond(i, square);
            weights.Update(i, keep, mean * stepSize / size);
        }
    }
}
