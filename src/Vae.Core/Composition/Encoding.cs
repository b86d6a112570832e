using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Distributions;
using static TorchSharp.torch;

namespace Vae.Core.Composition;

/// <summary>The posteriors of some images.</summary>
/// <param name="Mean">[n, D], row by row.</param>
/// <param name="LogVariance">[n, D], row by row.</param>
/// <param name="Labels">[n], or null where the images have none.</param>
public sealed record EncodedBatch(float[] Mean, float[] LogVariance, long[]? Labels);

/// <summary>`encode`: the posterior's mean and log-variance of every image.</summary>
public static class Encoding
{
    /// <summary>Encodes the images batch by batch, in constant memory but for the images of a split themselves.</summary>
    /// <param name="request">Which model and images.</param>
    /// <param name="begin">Told D, and whether there are labels, before the first batch.</param>
    /// <param name="write">Given each batch in order.</param>
    /// <returns>Images encoded.</returns>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data, Unavailable for the device.</exception>
    public static long Run(EncodeRequest request, Action<int, bool> begin, Action<EncodedBatch> write)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        long count = 0;
        foreach (ImageSet images in loaded.ImageChunks(request, request.BatchSize))
        {
            if (count == 0)
            {
                begin(loaded.Model.Latent, images.Labels is not null);
            }

            write(Encode(loaded, images));
            count += images.Count;
        }

        return count;
    }

    private static EncodedBatch Encode(LoadedModel loaded, ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        ImageBatch batch = loaded.Loader(images).Load(BatchOrder.Sequential(images.Count), epoch: 0);
        DiagonalGaussian posterior = loaded.Model.Encode(batch.Input); // [n, D]
        return new EncodedBatch(
            posterior.Mean.cpu().data<float>().ToArray(),
            posterior.LogVariance.cpu().data<float>().ToArray(),
            images.Labels is { } labels ? [.. labels.Select(label => (long)label)] : null);
    }
}
