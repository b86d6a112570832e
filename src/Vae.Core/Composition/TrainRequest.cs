using Vae.Core.Data.Sources;
using Vae.Core.Training;

namespace Vae.Core.Composition;

/// <summary>Everything `train` needs to know; made by the command line, obeyed by <see cref="TrainingRun"/>.</summary>
public sealed record TrainRequest
{
    /// <summary>The whole, validated configuration (overrides already applied).</summary>
    public required VaeConfiguration Configuration { get; init; }

    /// <summary>A word for naming the run's folder, the configuration's file name for example.</summary>
    public required string Name { get; init; }

    /// <summary>The run's folder; null makes a new one below the configuration's `output.runs`.</summary>
    public string? RunFolder { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:n".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads that share the work of a step; null leaves it to the configuration.</summary>
    public int? Threads { get; init; }

    /// <summary>How a number of threads is found where none is given.</summary>
    internal StepTuner Tuner { get; init; } = new();

    /// <summary>Where and how data files are found.</summary>
    public DataRequest Data { get; init; } = new();
}
