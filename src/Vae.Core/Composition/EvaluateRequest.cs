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
    /// <summary>How many images where the request does not say, if there are so many.</summary>
    public const int StandardCount = 8;

    /// <summary>How many images, all of which must be there; null takes <see cref="StandardCount"/>, or all where there are fewer.</summary>
    public int? Count { get; init; }

    /// <summary>The first image.</summary>
    public int Start { get; init; }
}

/// <summary>Everything `encode` needs to know.</summary>
public sealed record EncodeRequest : ImagesRequest
{
    /// <summary>Images encoded at once.</summary>
    public int BatchSize { get; init; } = 500;
}

/// <summary>One image that a user points at.</summary>
public abstract record ImageChoice;

/// <summary>An image of a split or of the request's input, counted from 0.</summary>
public sealed record IndexedImage(int Index) : ImageChoice;

/// <summary>The image of a file.</summary>
public sealed record FiledImage(string Path) : ImageChoice;

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
    /// <summary>Where each row begins.</summary>
    public IReadOnlyList<ImageChoice> From { get; init; } = [];

    /// <summary>Where each row ends, as many as <see cref="From"/>.</summary>
    public IReadOnlyList<ImageChoice> To { get; init; } = [];

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
