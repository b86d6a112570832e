namespace Vae.Core.Composition;

/// <summary>Everything `eval-elbo` needs to know.</summary>
public sealed record EvaluateRequest : ImagesRequest
{
    /// <summary>K, importance samples for each image.</summary>
    public int ImportanceSamples { get; init; } = 1;

    /// <summary>Only the first so many images; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>Seed of the posterior's draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Told (images done, images in all), from any thread.</summary>
    public Action<int, int>? Progress { get; init; }
}

/// <summary>Everything `reconstruct` needs to know.</summary>
public sealed record ReconstructRequest : ImagesRequest
{
    /// <summary>How many images, from the first of the split on.</summary>
    public int Count { get; init; } = 8;

    /// <summary>The first image.</summary>
    public int Start { get; init; }
}

/// <summary>Everything `encode` needs to know.</summary>
public sealed record EncodeRequest : ImagesRequest
{
    /// <summary>Images encoded at once.</summary>
    public int BatchSize { get; init; } = 500;
}

/// <summary>How a path between two latents runs.</summary>
public enum InterpolationMode
{
    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>An arc at the norms of draws from a Gaussian (White 2016).</summary>
    Slerp,
}

/// <summary>Everything `interpolate` needs to know.</summary>
public sealed record InterpolateRequest : ImagesRequest
{
    /// <summary>Where each row begins: indices of the split, or image files.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Where each row ends, as many as <see cref="From"/>.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Rows between draws of the prior instead; 0 for none.</summary>
    public int PriorRows { get; init; }

    /// <summary>Images in a row, both ends counted.</summary>
    public int Steps { get; init; } = 11;

    /// <summary>How the path runs.</summary>
    public InterpolationMode Mode { get; init; }

    /// <summary>Seed of the prior's draws.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>Everything `traverse` needs to know.</summary>
public sealed record TraverseRequest : ModelRequest
{
    /// <summary>Rows, the most informative latent dimensions first; null for all.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Images in a row.</summary>
    public int Steps { get; init; } = 11;

    /// <summary>The rows go from −Range to Range standard deviations of the prior.</summary>
    public double Range { get; init; } = 3;
}
