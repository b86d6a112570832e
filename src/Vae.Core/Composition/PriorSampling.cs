using TorchSharp;
using Vae.Core.Distributions;
using Vae.Core.Evaluation;
using static TorchSharp.torch;

namespace Vae.Core.Composition;

/// <summary>`sample`: draws latents from the prior and decodes them.</summary>
public static class PriorSampling
{
    /// <summary>Draws images from a run's model.</summary>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for the checkpoint, MissingInput where it has no fitted prior, Unavailable for the device.
    /// </exception>
    public static ImageRows Draw(SampleRequest request)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using DisposeScope scope = NewDisposeScope();
        LatentDensity? density = request.Prior == SamplePrior.Fitted ? FittedPrior.Read(loaded) : null;
        PriorSampler sampler = new((ulong)request.Seed)
        {
            Temperature = request.Temperature,
            DrawPixels = request.DrawPixels,
            Density = density,
        };
        float[] pixels = sampler.Draw(loaded.Model, 0, request.Count, loaded.Device.Device);
        return new ImageRows(loaded.Header.Shape, request.Count, null, pixels, loaded.Path);
    }
}
