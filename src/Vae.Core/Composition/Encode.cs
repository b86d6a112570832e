using Vae.Core.Data;
using Vae.Core.Distributions;

namespace Vae.Core.Composition;

/// <summary>`encode`: the posterior's mean and log-variance of every image.</summary>
public static class Encode
{
    /// <summary>Encodes the images batch by batch; those of a file never stand in memory all at once.</summary>
    /// <param name="request">Which model and images.</param>
    /// <param name="writer">Takes the posteriors in the order of the images.</param>
    /// <param name="stop">Ends the work soon.</param>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data, Unavailable for the device.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static void Run(EncodeRequest request, ILatentWriter writer, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        bool begun = false;
        foreach (ImageSet images in loaded.ImageChunks(request, request.BatchSize, stop))
        {
            if (!begun)
            {
                writer.Begin(loaded.Model.Latent, images.Labels is not null);
                begun = true;
            }

            writer.Write(Posteriors(loaded, images));
        }
    }

    private static EncodedBatch Posteriors(LoadedModel loaded, ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        DiagonalGaussian posterior = loaded.Model.Infer(loaded.Batch(images)).Posterior!; // [n, D]
        return new EncodedBatch(
            posterior.Mean.cpu().data<float>().ToArray(),
            posterior.LogVariance.cpu().data<float>().ToArray(),
            images.Labels is { } labels ? [.. labels.Select(label => (long)label)] : null);
    }
}
