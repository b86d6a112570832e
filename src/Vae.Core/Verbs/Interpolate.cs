namespace Vae.Core.Verbs;

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

/// <summary>`interpolate`: the images on paths between latents.</summary>
public static class Interpolate
{
    /// <summary>
    /// One row for each pair of ends, images of a split, image files, or draws of the prior. The output takes the array "images",
    /// [N, C, H, W] of 0 to 1, row by row.
    /// </summary>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for checkpoint and data; Usage for an index beyond the last and for a picture that would be too large.
    /// </exception>
    public static void Run(InterpolateRequest request, ArrayOutput output, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        loaded.NeedPaths();
        using IDisposable noGradient = no_grad();
        int rows = request.PriorRows > 0 ? request.PriorRows : request.From.Count;
        output.Begin(OutputLayout.OfImages(loaded.Shape, checked(rows * request.Steps), request.Steps, "images"));
        float[][] ends = request.PriorRows > 0
            ? new PriorSampler((ulong)request.Seed).Latents(loaded.Model, 0, 2 * rows)
            : ImageEnds(loaded, request, stop);
        for (int row = 0; row < rows; row++)
        {
            stop.ThrowIfCancellationRequested();
            (float[] from, float[] to) = (ends[row], ends[rows + row]);
            output.Append(loaded.DecodeMeans(request.Mode == InterpolationMode.Slerp
                ? LatentPaths.Slerp(from, to, request.Steps)
                : LatentPaths.Linear(from, to, request.Steps)));
        }
    }

    // The latents of all beginnings, then those of all ends.
    private static float[][] ImageEnds(LoadedModel loaded, InterpolateRequest request, CancellationToken stop)
    {
        ImageChoice[] ends = [.. request.From, .. request.To];
        int[] numbers = [.. ends.OfType<IndexedImage>().Select(end => end.Index)];
        Dictionary<int, float[]> numbered = NumberedLatents(loaded, request, numbers, stop);
        return [.. ends.Select(end => end is FiledImage file ? FiledLatent(loaded, file.Path) : numbered[((IndexedImage)end).Index])];
    }

    private static Dictionary<int, float[]> NumberedLatents(
        LoadedModel loaded, InterpolateRequest request, int[] numbers, CancellationToken stop)
    {
        Dictionary<int, float[]> latents = [];
        int total = 0;
        foreach ((int first, ImageSet images) in numbers.Length == 0 ? [] : loaded.ImageChunks(request, LoadedModel.ImagesAtOnce, stop))
        {
            total = first + images.Count;
            int[] here = [.. numbers.Where(number => number >= first && number < total)];
            if (here.Length > 0)
            {
                float[][] means = loaded.Latents(images.Select([.. here.Select(number => number - first)]));
                for (int i = 0; i < here.Length; i++)
                {
                    latents[here[i]] = means[i];
                }
            }
        }

        return numbers.Any(number => number >= total) ? throw request.Beyond(numbers.First(number => number >= total), total) : latents;
    }

    private static float[] FiledLatent(LoadedModel loaded, string path)
    {
        ImageSet images = ImageInput.Read(path, loaded.Shape, 2).First();
        return images.Count == 1
            ? loaded.Latents(images)[0]
            : throw InputFile.Bad(path, "holds several images where one is expected; give it by --input and its images by number");
    }
}
