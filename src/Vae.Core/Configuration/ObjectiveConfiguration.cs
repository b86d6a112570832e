namespace Vae.Core.Configuration;

/// <summary>What training maximizes.</summary>
public abstract record ObjectiveConfiguration;

/// <summary>Reconstruction − β · KL (Kingma and Welling 2014 at β = 1, Higgins et al. 2017 elsewhere).</summary>
public sealed record ElboObjectiveConfiguration : ObjectiveConfiguration
{
    /// <summary>Weight of the KL term once warm-up is over.</summary>
    public double Beta { get; init; } = 1.0;

    /// <summary>Epochs over which the weight rises linearly from 0; 0 for none.</summary>
    public int WarmupEpochs { get; init; }
}
