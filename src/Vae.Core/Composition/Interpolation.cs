using Vae.Core.Data;
using Vae.Core.Evaluation;

namespace Vae.Core.Composition;

/// <summary>`interpolate`: the images on paths between latents.</summary>
public static class Interpolation
{
    /// <summary>One row for each pair of ends, images of a split, image files, or draws of the prior.</summary>
    /// <param name="request">Which model, and which rows.</param>
    /// <param name="writer">Takes the images, row by row.</param>
    /// <param name="stop">Ends the work soon.</param>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data; Usage for an index beyond the last.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static void Run(InterpolateRequest request, IImageWriter writer, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        loaded.NeedPaths();
        using IDisposable noGradient = no_grad();
        (float[][] from, float[][] to) = request.PriorRows > 0 ? PriorEnds(loaded, request) : ImageEnds(loaded, request, stop);
        writer.Begin(new ImageLayout(loaded.Shape, checked(from.Length * request.Steps), request.Steps));
        for (int row = 0; row < from.Length; row++)
        {
            stop.ThrowIfCancellationRequested();
            float[][] path = request.Mode == InterpolationMode.Slerp
                ? LatentPaths.Slerp(from[row], to[row], request.Steps)
                : LatentPaths.Linear(from[row], to[row], request.Steps);
            writer.Write(loaded.DecodeMeans(path));
        }
    }

    private static (float[][] From, float[][] To) PriorEnds(LoadedModel loaded, InterpolateRequest request)
    {
        PriorSampler sampler = new((ulong)request.Seed);
        float[][] latents = sampler.Latents(loaded.Model, 0, 2 * request.PriorRows, loaded.Device.Device);
        return (latents[..request.PriorRows], latents[request.PriorRows..]);
    }

    private static (float[][] From, float[][] To) ImageEnds(LoadedModel loaded, InterpolateRequest request, CancellationToken stop)
    {
        ImageChoice[] ends = [.. request.From, .. request.To];
        int[] indices = [.. ends.OfType<IndexedImage>().Select(end => end.Index)];
        Queue<float[]> ofIndices = new(indices.Length == 0 ? [] : IndexedLatents(loaded, request, indices, stop));
        float[][] latents = [.. ends.Select(end => end is FiledImage file ? FiledLatent(loaded, file.Path) : ofIndices.Dequeue())];
        return (latents[..request.From.Count], latents[request.From.Count..]);
    }

    private static float[][] IndexedLatents(LoadedModel loaded, InterpolateRequest request, int[] indices, CancellationToken stop)
    {
        PickedImages picked = loaded.Pick(request, indices, stop);
        return picked.Images.Count == indices.Length
            ? loaded.EncodeMeans(picked.Images)
            : throw picked.Beyond(indices.First(index => index >= picked.Total));
    }

    private static float[] FiledLatent(LoadedModel loaded, string path)
    {
        ImageSet images = ImageInput.Read(path, loaded.Shape, 2).First();
        return images.Count == 1
            ? loaded.EncodeMeans(images)[0]
            : throw new VaeException(FailureKind.BadData, $"{path}: holds several images where one is expected; give it by --input and its images by number");
    }
}
