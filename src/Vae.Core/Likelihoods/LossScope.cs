namespace Vae.Core.Likelihoods;

/// <summary>What the loss of an image depends on; that of a run is the strictest of its model, its likelihood and its objective.</summary>
public enum LossScope
{
    /// <summary>The image alone, so that threads may share a batch by its images.</summary>
    PerImage,

    /// <summary>The other images of its batch as well.</summary>
    PerBatch,
}
