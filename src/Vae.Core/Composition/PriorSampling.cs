using Vae.Core.Evaluation;

namespace Vae.Core.Composition;

/// <summary>`sample`: draws latents from the prior and decodes them.</summary>
public static class PriorSampling
{
    // A multiple of what the sampler decodes at once, so that the images do not depend on it.
    private const int ImagesAtOnce = 500;

    /// <summary>Draws images from a run's model, some at a time.</summary>
    /// <param name="request">Which model, and how many images.</param>
    /// <param name="writer">Takes the images.</param>
    /// <param name="stop">Ends the work soon.</param>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for the checkpoint, MissingInput where it has no fitted prior, Unavailable for the device.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static void Run(SampleRequest request, IImageWriter writer, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using DisposeScope scope = NewDisposeScope();
        PriorSampler sampler = new((ulong)request.Seed)
        {
            Temperature = request.Temperature,
            DrawPixels = request.DrawPixels,
            Density = request.Prior == SamplePrior.Fitted ? FittedPrior.Read(loaded) : null,
        };
        writer.Begin(new ImageLayout(loaded.Shape, request.Count));
        for (int start = 0; start < request.Count; start += ImagesAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(ImagesAtOnce, request.Count - start);
            writer.Write(sampler.Draw(loaded.Model, start, count, loaded.Device.Device));
        }
    }
}
