using Vae.Core.Data;
using Vae.Core.Objectives;
using Vae.Core.Training;

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
    public Objective Objective { get; init; } = new ElboObjective();

    /// <summary>How training goes about it.</summary>
    public TrainConfiguration Train { get; init; } = new();

    /// <summary>What a run leaves on disk beside its checkpoints and metrics.</summary>
    public OutputConfiguration Output { get; init; } = new();

    internal static VaeConfiguration Map(ConfigurationVisitor visitor, VaeConfiguration value) => value with
    {
        Description = visitor.OptionalText("description", value.Description, 10_000, "what this is for; nothing depends on it"),
        Data = visitor.Section("data", value.Data, DataConfiguration.Map, "the images, their split and their transform"),
        Model = visitor.Section("model", value.Model, ModelConfiguration.Map, "the latent space, the networks, the prior, the likelihood"),
        Objective = visitor.Variant("objective", value.Objective, Objectives.Objective.Kinds, "what training maximizes"),
        Train = visitor.Section("train", value.Train, TrainConfiguration.Map, "how training goes about it"),
        Output = visitor.Section("output", value.Output, OutputConfiguration.Map, "what a run leaves on disk; may change on resume"),
    };
}
