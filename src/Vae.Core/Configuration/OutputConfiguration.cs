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

    internal static OutputConfiguration Map(ConfigurationVisitor visitor, OutputConfiguration value) => value with
    {
        Runs = visitor.Text("runs", value.Runs, 1_000, "the folder in which run folders are made"),
        SampleEvery = visitor.Integer("sample_every", value.SampleEvery, 0, 1_000_000, "epochs between grids of samples; 0 for none"),
        Samples = visitor.Integer("samples", value.Samples, 1, 10_000, "images in each grid of samples"),
    };
}
