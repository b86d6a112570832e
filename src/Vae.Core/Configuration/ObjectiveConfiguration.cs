namespace Vae.Core.Configuration;

/// <summary>What training maximizes.</summary>
public abstract record ObjectiveConfiguration
{
    internal static readonly Kind<ObjectiveConfiguration>[] Kinds =
        [Kind.Of<ObjectiveConfiguration, ElboObjectiveConfiguration>("elbo", ElboObjectiveConfiguration.Map)];
}

/// <summary>Reconstruction − β · KL (Kingma and Welling 2014 at β = 1, Higgins et al. 2017 elsewhere).</summary>
public sealed record ElboObjectiveConfiguration : ObjectiveConfiguration
{
    /// <summary>Weight of the KL term once warm-up is over.</summary>
    public double Beta { get; init; } = 1.0;

    /// <summary>Epochs over which the weight rises linearly from 0; 0 for none.</summary>
    public int WarmupEpochs { get; init; }

    internal static ElboObjectiveConfiguration Map(ConfigurationVisitor visitor, ElboObjectiveConfiguration value) => value with
    {
        Beta = visitor.Real("beta", value.Beta, Interval.NotNegative, "weight of the KL term once warm-up is over"),
        WarmupEpochs = visitor.Integer(
            "warmup_epochs", value.WarmupEpochs, 0, 1_000_000, "epochs over which the weight rises linearly from 0; 0 for none"),
    };
}
