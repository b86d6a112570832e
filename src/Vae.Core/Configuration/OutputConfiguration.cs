namespace Vae.Core.Configuration;

/// <summary>What a run leaves on disk beside its checkpoints and metrics. None of it changes what is learned.</summary>
public sealed record OutputConfiguration
{
    /// <summary>The folder in which run folders are made, relative to the current one.</summary>
    public string Runs { get; init; } = "runs";

    /// <summary>Epochs between grids of samples; 0 for none.</summary>
    public int SampleEvery { get; init; } = 1;

    /// <summary>Images in each grid of samples.</summary>
    public int Samples { get; init; } = 64;
}
