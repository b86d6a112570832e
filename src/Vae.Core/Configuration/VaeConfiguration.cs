namespace Vae.Core.Configuration;

/// <summary>Everything that determines a run. Written whole to the run's config.json.</summary>
public sealed record VaeConfiguration
{
    /// <summary>What the configuration is for, in words; nothing depends on it.</summary>
    public string? Description { get; init; }

    /// <summary>The images, their split and their transform.</summary>
    public required DataConfiguration Data { get; init; }

    /// <summary>The latent space, the networks, the prior and the likelihood.</summary>
    public ModelConfiguration Model { get; init; } = new();

    /// <summary>What training maximizes.</summary>
    public ObjectiveConfiguration Objective { get; init; } = new ElboObjectiveConfiguration();

    /// <summary>How training goes about it.</summary>
    public TrainConfiguration Train { get; init; } = new();

    /// <summary>What a run leaves on disk beside its checkpoints and metrics.</summary>
    public OutputConfiguration Output { get; init; } = new();
}
