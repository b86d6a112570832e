using System.Globalization;
using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Evaluation;
using static TorchSharp.torch;

namespace Vae.Core.Composition;

/// <summary>`interpolate`: the images on paths between latents.</summary>
public static class Interpolation
{
    /// <summary>One row for each pair of ends, images of a split, image files, or draws of the prior.</summary>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data; Usage for an index beyond the last.</exception>
    public static ImageRows Run(InterpolateRequest request)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        (float[][] from, float[][] to) = request.PriorRows > 0 ? PriorEnds(loaded, request) : ImageEnds(loaded, request);
        List<float> pixels = [];
        for (int row = 0; row < from.Length; row++)
        {
            float[][] path = request.Mode == InterpolationMode.Slerp
                ? LatentPaths.Slerp(from[row], to[row], request.Steps)
                : LatentPaths.Linear(from[row], to[row], request.Steps);
            pixels.AddRange(loaded.DecodeMeans(path));
        }

        return new ImageRows(loaded.Header.Shape, from.Length * request.Steps, request.Steps, [.. pixels], loaded.Path);
    }

    private static (float[][] From, float[][] To) PriorEnds(LoadedModel loaded, InterpolateRequest request)
    {
        PriorSampler sampler = new((ulong)request.Seed);
        float[][] latents = sampler.Latents(loaded.Model, 0, 2 * request.PriorRows, loaded.Device.Device);
        return (latents[..request.PriorRows], latents[request.PriorRows..]);
    }

    private static (float[][] From, float[][] To) ImageEnds(LoadedModel loaded, InterpolateRequest request)
    {
        Lazy<ImageSet> split = new(() => loaded.Images(request));
        return (
            [.. request.From.Select(end => Latent(loaded, split, end))],
            [.. request.To.Select(end => Latent(loaded, split, end))]);
    }

    // The posterior's mean of an image of the split (a number) or of a file (anything else).
    private static float[] Latent(LoadedModel loaded, Lazy<ImageSet> split, string end)
    {
        using DisposeScope scope = NewDisposeScope();
        ImageSet images;
        int index = 0;
        if (int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            images = split.Value;
            index = number < images.Count
                ? number
                : throw new VaeException(FailureKind.Usage, $"image {end} is beyond the last of {images.Name}, {images.Count - 1}");
        }
        else
        {
            images = ImageInput.ReadAll(end, loaded.Header.Shape);
        }

        ImageBatch batch = loaded.Loader(images).Load([index], epoch: 0);
        return loaded.Model.Encode(batch.Input).Mean.cpu().data<float>().ToArray();
    }
}
