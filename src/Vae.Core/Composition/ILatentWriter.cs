namespace Vae.Core.Composition;

/// <summary>The posteriors of some images.</summary>
/// <param name="Mean">[n, D], row by row.</param>
/// <param name="LogVariance">[n, D], row by row.</param>
/// <param name="Labels">[n], or null where the images have none.</param>
public sealed record EncodedBatch(float[] Mean, float[] LogVariance, long[]? Labels);

/// <summary>Takes the posteriors of images as they are made, so that none but the newest need stand in memory.</summary>
public interface ILatentWriter
{
    /// <summary>Called once, before the first batch.</summary>
    /// <param name="latent">D, the number of latent dimensions.</param>
    /// <param name="hasLabels">Whether the batches have labels.</param>
    void Begin(int latent, bool hasLabels);

    /// <summary>Takes the next batch.</summary>
    void Write(EncodedBatch batch);
}
