using Vae.Core.Evaluation;

namespace Vae.Core.Composition;

/// <summary>`sample`: draws latents from the prior and decodes them.</summary>
public static class PriorSampling
{
    /// <summary>Draws images from a run's model.</summary>
    /// <exception cref="VaeException">MissingInput or BadData for the checkpoint, Unavailable for the device.</exception>
    public static ImageRows Draw(SampleRequest request)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        PriorSampler sampler = new((ulong)request.Seed) { Temperature = request.Temperature, DrawPixels = request.DrawPixels };
        float[] pixels = sampler.Draw(loaded.Model, 0, request.Count, loaded.Device.Device);
        return new ImageRows(loaded.Header.Shape, request.Count, null, pixels, loaded.Path);
    }
}
