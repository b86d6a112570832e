namespace Vae.Core.Verbs;

/// <summary>Where `sample` draws latents from.</summary>
public enum SamplePrior
{
    /// <summary>The prior the model was trained with.</summary>
    Model,

    /// <summary>The mixture that `fit-prior` fitted to the codes afterwards.</summary>
    Fitted,
}

/// <summary>Everything `sample` needs to know.</summary>
public sealed record SampleRequest : ModelRequest
{
    /// <summary>How many images.</summary>
    public int Count { get; init; } = 64;

    /// <summary>Seed of the prior's draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where latents are drawn from.</summary>
    public SamplePrior Prior { get; init; }

    /// <summary>Standard deviation of the prior's draws, as a factor: 1 is the prior itself, 0 its mean.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draw pixels from the likelihood instead of showing its mean.</summary>
    public bool DrawPixels { get; init; }

    /// <summary>Told (images drawn, images in all).</summary>
    public Action<int, int>? Progress { get; init; }
}

/// <summary>`sample`: draws latents from the prior and decodes them.</summary>
public static class Sample
{
    // A multiple of what the sampler decodes at once, so that the images do not depend on it.
    private const int ImagesAtOnce = 500;

    /// <summary>Draws images some at a time. The output takes the array "images", [N, C, H, W] of 0 to 1.</summary>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for the checkpoint, MissingInput where it has no fitted prior, Unavailable for the device, Usage for a
    /// picture that would be too large.
    /// </exception>
    public static void Run(SampleRequest request, ArrayOutput output, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using DisposeScope scope = NewDisposeScope();
        PriorSampler sampler = new((ulong)request.Seed)
        {
            Temperature = request.Temperature,
            DrawPixels = request.DrawPixels,
            Density = request.Prior == SamplePrior.Fitted ? FittedPrior.Read(loaded) : null,
        };
        output.Begin(OutputLayout.OfImages(loaded.Shape, request.Count, null, "images"));
        for (int start = 0; start < request.Count; start += ImagesAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(ImagesAtOnce, request.Count - start);
            output.Append(sampler.Draw(loaded.Model, start, count, loaded.Device.Device));
            request.Progress?.Invoke(start + count, request.Count);
        }
    }
}
