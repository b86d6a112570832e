namespace Vae.Core.Configuration;

/// <summary>What training maximizes.</summary>
public abstract record ObjectiveConfiguration
{
    internal const int MostEpochs = 1_000_000;

    internal static readonly Kind<ObjectiveConfiguration>[] Kinds =
    [
        Kind.Of<ObjectiveConfiguration, ElboObjectiveConfiguration>("elbo", ElboObjectiveConfiguration.Map),
        Kind.Of<ObjectiveConfiguration, FreeBitsObjectiveConfiguration>("free_bits", FreeBitsObjectiveConfiguration.Map),
        Kind.Of<ObjectiveConfiguration, CapacityObjectiveConfiguration>("capacity", CapacityObjectiveConfiguration.Map),
        Kind.Of<ObjectiveConfiguration, IwaeObjectiveConfiguration>("iwae", IwaeObjectiveConfiguration.Map),
        Kind.Of<ObjectiveConfiguration, BetaTcObjectiveConfiguration>("beta_tc", BetaTcObjectiveConfiguration.Map),
        Kind.Of<ObjectiveConfiguration, MmdObjectiveConfiguration>("mmd", MmdObjectiveConfiguration.Map),
    ];
}

/// <summary>An objective with a weight β that may warm up, once or in cycles.</summary>
public abstract record WeightedObjectiveConfiguration : ObjectiveConfiguration
{
    /// <summary>The weight once warm-up is over.</summary>
    public double Beta { get; init; } = 1.0;

    /// <summary>Epochs over which the weight rises linearly from 0; 0 for none.</summary>
    public int WarmupEpochs { get; init; }

    /// <summary>Epochs after which the warm-up begins again; 0 for never.</summary>
    public int CycleEpochs { get; init; }

    private protected static T MapWeight<T>(ConfigurationVisitor visitor, T value, string meaning)
        where T : WeightedObjectiveConfiguration =>
        (T)((WeightedObjectiveConfiguration)value with
        {
            Beta = visitor.Real("beta", value.Beta, Interval.NotNegative, meaning),
            WarmupEpochs = visitor.Integer(
                "warmup_epochs", value.WarmupEpochs, 0, MostEpochs, "epochs over which the weight rises linearly from 0; 0 for none"),
            CycleEpochs = visitor.Integer(
                "cycle_epochs", value.CycleEpochs, 0, MostEpochs, "epochs after which the warm-up begins again; 0 for never"),
        });
}

/// <summary>
/// Reconstruction − β · KL (Kingma and Welling 2014 at β = 1, Higgins et al. 2017 elsewhere; β = 0 is a deterministic autoencoder).
/// </summary>
public sealed record ElboObjectiveConfiguration : WeightedObjectiveConfiguration
{
    internal static ElboObjectiveConfiguration Map(ConfigurationVisitor visitor, ElboObjectiveConfiguration value) =>
        MapWeight(visitor, value, "weight of the KL term once warm-up is over; 0 is a deterministic autoencoder");
}

/// <summary>Reconstruction − β · Σ max(λ, KL of a dimension) (Kingma et al. 2016).</summary>
public sealed record FreeBitsObjectiveConfiguration : WeightedObjectiveConfiguration
{
    /// <summary>Nats that each latent dimension may tell for free.</summary>
    public double Lambda { get; init; } = 0.25;

    internal static FreeBitsObjectiveConfiguration Map(ConfigurationVisitor visitor, FreeBitsObjectiveConfiguration value) =>
        MapWeight(visitor, value, "weight of the KL term once warm-up is over") with
        {
            Lambda = visitor.Real("lambda", value.Lambda, Interval.NotNegative, "nats that each latent dimension may tell for free"),
        };
}

/// <summary>Reconstruction − γ · |KL − C| with a rising C (Burgess et al. 2018).</summary>
public sealed record CapacityObjectiveConfiguration : ObjectiveConfiguration
{
    /// <summary>γ, how hard the KL is held to the capacity.</summary>
    public double Gamma { get; init; } = 100;

    /// <summary>C at the end, in nats per image.</summary>
    public double Capacity { get; init; } = 25;

    /// <summary>Epochs over which C rises from 0.</summary>
    public int RiseEpochs { get; init; } = 10;

    internal static CapacityObjectiveConfiguration Map(ConfigurationVisitor visitor, CapacityObjectiveConfiguration value) => value with
    {
        Gamma = visitor.Real("gamma", value.Gamma, Interval.NotNegative, "how hard the KL is held to the capacity"),
        Capacity = visitor.Real("capacity", value.Capacity, Interval.NotNegative, "the KL wanted at the end, in nats per image"),
        RiseEpochs = visitor.Integer("rise_epochs", value.RiseEpochs, 0, MostEpochs, "epochs over which the capacity rises from 0"),
    };
}

/// <summary>How the gradient of the importance-weighted bound is estimated.</summary>
public enum IwaeGradientKind
{
    /// <summary>As the bound is written (Burda et al. 2015).</summary>
    Standard,

    /// <summary>Doubly reparameterized (Tucker et al. 2019).</summary>
    Dreg,

    /// <summary>Without the posterior's score (Roeder et al. 2017).</summary>
    Stl,
}

/// <summary>The importance-weighted bound (Burda et al. 2015).</summary>
public sealed record IwaeObjectiveConfiguration : ObjectiveConfiguration
{
    /// <summary>Draws for each image.</summary>
    public int Samples { get; init; } = 5;

    /// <summary>How its gradient is estimated.</summary>
    public IwaeGradientKind Gradient { get; init; } = IwaeGradientKind.Standard;

    internal static IwaeObjectiveConfiguration Map(ConfigurationVisitor visitor, IwaeObjectiveConfiguration value) => value with
    {
        Samples = visitor.Integer("samples", value.Samples, 1, 100_000, "draws for each image"),
        Gradient = visitor.Choice("gradient", value.Gradient, "how the bound's gradient is estimated"),
    };
}

/// <summary>Reconstruction − mutual information − β · total correlation − dimension-wise KL (Chen et al. 2018).</summary>
public sealed record BetaTcObjectiveConfiguration : WeightedObjectiveConfiguration
{
    /// <summary>With the weight of the paper.</summary>
    public BetaTcObjectiveConfiguration() => Beta = 6;

    internal static BetaTcObjectiveConfiguration Map(ConfigurationVisitor visitor, BetaTcObjectiveConfiguration value) =>
        MapWeight(visitor, value, "weight of the total correlation once warm-up is over");
}

/// <summary>The kernel of the maximum mean discrepancy.</summary>
public enum MmdKernelKind
{
    /// <summary>The inverse multiquadratic.</summary>
    Imq,

    /// <summary>The Gaussian.</summary>
    Rbf,
}

/// <summary>Reconstruction − a · KL − b · MMD²(aggregate posterior, prior) (Zhao et al. 2017, Tolstikhin et al. 2018).</summary>
public sealed record MmdObjectiveConfiguration : ObjectiveConfiguration
{
    /// <summary>Weight of the KL term.</summary>
    public double KlWeight { get; init; }

    /// <summary>Weight of the discrepancy, which is at most 2 where reconstructions are hundreds of nats.</summary>
    public double MmdWeight { get; init; } = 1000;

    /// <summary>The kernel.</summary>
    public MmdKernelKind Kernel { get; init; } = MmdKernelKind.Imq;

    /// <summary>Its width; 1 suits a prior of unit variance in any number of dimensions.</summary>
    public double Bandwidth { get; init; } = 1;

    internal static MmdObjectiveConfiguration Map(ConfigurationVisitor visitor, MmdObjectiveConfiguration value) => value with
    {
        KlWeight = visitor.Real("kl_weight", value.KlWeight, Interval.NotNegative, "weight of the KL term"),
        MmdWeight = visitor.Real("mmd_weight", value.MmdWeight, Interval.NotNegative, "weight of the discrepancy from the prior"),
        Kernel = visitor.Choice("kernel", value.Kernel, "inverse multiquadratic or Gaussian"),
        Bandwidth = visitor.Real("bandwidth", value.Bandwidth, Interval.Positive, "the kernel's width; 1 suits a prior of unit variance"),
    };
}
