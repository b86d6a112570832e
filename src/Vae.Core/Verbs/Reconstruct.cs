namespace Vae.Core.Verbs;

/// <summary>Everything `reconstruct` needs to know.</summary>
public sealed record ReconstructRequest : ImagesRequest
{
    /// <summary>How many images where the request does not say, if there are so many.</summary>
    public const int StandardCount = 8;

    /// <summary>How many images, all of which must be there; null takes <see cref="StandardCount"/>, or fewer if that is all.</summary>
    public int? Count { get; init; }

    /// <summary>The first image.</summary>
    public int Start { get; init; }
}

/// <summary>`reconstruct`: encodes images and decodes the means of their posteriors.</summary>
public static class Reconstruct
{
    /// <summary>
    /// Reconstructs images, some at a time. The output takes the arrays "originals", images as the encoder sees them, and
    /// "reconstructions", the mean of each pixel at the mean of the posterior: [N, C, H, W] of 0 to 1.
    /// </summary>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for checkpoint and data; Usage for images beyond the last and for a picture that would be too large.
    /// </exception>
    public static void Run(ReconstructRequest request, ArrayOutput output, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        IEnumerable<ImageSet> chosen = Chosen(loaded, request, stop);
        if (request.Count is null)
        {
            chosen = [.. chosen]; // a few, of which only the data tell how many
        }

        int count = request.Count ?? chosen.Sum(images => images.Count);
        output.Begin(OutputLayout.OfImages(loaded.Shape, count, null, "originals", "reconstructions"));
        foreach (ImageSet images in chosen)
        {
            (float[] originals, float[] reconstructions) = loaded.Reconstruct(images);
            output.Append(originals, reconstructions);
        }
    }

    private static IEnumerable<ImageSet> Chosen(LoadedModel loaded, ReconstructRequest request, CancellationToken stop)
    {
        long end = request.Start + (long)(request.Count ?? ReconstructRequest.StandardCount);
        int total = 0;
        foreach ((int first, ImageSet images) in loaded.ImageChunks(request, LoadedModel.ImagesAtOnce, stop))
        {
            total = first + images.Count;
            int from = Math.Max(request.Start, first);
            int count = (int)Math.Min(end, total) - from;
            if (count > 0)
            {
                yield return images.Slice(from - first, count);
            }
        }

        if (total <= request.Start || (request.Count is not null && total < end))
        {
            throw request.Beyond(total <= request.Start ? request.Start : end - 1, total);
        }
    }
}
