using Vae.Core.Data;
using Vae.Core.Data.Sources;

namespace Vae.Core.Composition;

/// <summary>Which trained model a verb works with, and on what device.</summary>
public abstract record ModelRequest
{
    /// <summary>A run's folder; null takes the newest under `runs`.</summary>
    public string? RunFolder { get; init; }

    /// <summary>"best", "last", or a checkpoint file; null takes the best, or the last of a run that has no best yet.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:n".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads to work with; null chooses.</summary>
    public int? Threads { get; init; }

    /// <summary>Told in one line what is done otherwise than expected.</summary>
    public Action<string>? Warn { get; init; }
}

/// <summary>A verb that also reads images of a split of the data the model was trained on, or of a file.</summary>
public abstract record ImagesRequest : ModelRequest
{
    /// <summary>Which images of the run's data.</summary>
    public Split Split { get; init; } = Split.Test;

    /// <summary>
    /// A file or folder of images instead of a split: PNG, a folder of PNGs, IDX (also .gz), NPY with [N, C, H, W], [N, H, W] or [H, W] of
    /// uint8, or NPZ with such an array named images.
    /// </summary>
    public string? Input { get; init; }

    /// <summary>Where and how data files are found.</summary>
    public DataRequest Data { get; init; } = new();
}
