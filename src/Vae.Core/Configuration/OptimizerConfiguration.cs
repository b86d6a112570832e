namespace Vae.Core.Configuration;

/// <summary>The rule that turns gradients into updates.</summary>
public abstract record OptimizerConfiguration
{
    internal static readonly Kind<OptimizerConfiguration>[] Kinds =
    [
        Kind.Of<OptimizerConfiguration, AdamConfiguration>("adam", AdamConfiguration.Map),
        Kind.Of<OptimizerConfiguration, AdamWConfiguration>("adamw", AdamWConfiguration.Map),
        Kind.Of<OptimizerConfiguration, AdamaxConfiguration>("adamax", AdamaxConfiguration.Map),
        Kind.Of<OptimizerConfiguration, SgdConfiguration>("sgd", SgdConfiguration.Map),
    ];
}

/// <summary>What the members of Adam's family have in common.</summary>
public abstract record AdamFamilyConfiguration : OptimizerConfiguration
{
    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean, or for Adamax of the maximum, of the gradients' size.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to that size.</summary>
    public double Epsilon { get; init; } = 1e-8;

    private protected static T MapFamily<T>(ConfigurationVisitor visitor, T value)
        where T : AdamFamilyConfiguration => (T)(value with
        {
            Beta1 = visitor.Real("beta1", value.Beta1, Interval.Decay, "decay of the mean of gradients"),
            Beta2 = visitor.Real("beta2", value.Beta2, Interval.Decay, "decay of the mean of squared gradients, in adamax of their maximum"),
            Epsilon = visitor.Real("epsilon", value.Epsilon, Interval.Positive, "added to the root of the mean square, in adamax to the maximum"),
        });
}

/// <summary>Adam (Kingma and Ba 2015).</summary>
public sealed record AdamConfiguration : AdamFamilyConfiguration
{
    internal static AdamConfiguration Map(ConfigurationVisitor visitor, AdamConfiguration value) => MapFamily(visitor, value);
}

/// <summary>Adam with weight decay that the gradients' size does not scale (Loshchilov and Hutter 2019).</summary>
public sealed record AdamWConfiguration : AdamFamilyConfiguration
{
    /// <summary>What share of a weight is taken off at each step, times the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;

    internal static AdamWConfiguration Map(ConfigurationVisitor visitor, AdamWConfiguration value) => MapFamily(visitor, value) with
    {
        WeightDecay = visitor.Real(
            "weight_decay", value.WeightDecay, Interval.NotNegative, "share of each weight that a step takes off, times the learning rate"),
    };
}

/// <summary>Adam by the largest instead of the mean square gradient (Kingma and Ba 2015, section 7.1).</summary>
public sealed record AdamaxConfiguration : AdamFamilyConfiguration
{
    internal static AdamaxConfiguration Map(ConfigurationVisitor visitor, AdamaxConfiguration value) => MapFamily(visitor, value);
}

/// <summary>Stochastic gradient descent with momentum.</summary>
public sealed record SgdConfiguration : OptimizerConfiguration
{
    /// <summary>Share of the last step that the next one keeps.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient counts where the momentum leads to (Nesterov), not where the weights stand.</summary>
    public bool Nesterov { get; init; }

    internal static SgdConfiguration Map(ConfigurationVisitor visitor, SgdConfiguration value) => value with
    {
        Momentum = visitor.Real("momentum", value.Momentum, Interval.Decay, "share of the last step that the next one keeps"),
        Nesterov = visitor.Boolean("nesterov", value.Nesterov, "Nesterov's momentum; needs a momentum above 0"),
    };
}
