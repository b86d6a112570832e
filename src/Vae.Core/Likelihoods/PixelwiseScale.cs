using Vae.Core.Distributions;

namespace Vae.Core.Likelihoods;

/// <summary>A scale for each pixel of each image, from the decoder.</summary>
/// <param name="minimumLogScale">The least log σ.</param>
public sealed class PixelwiseScale(double minimumLogScale) : PixelScale
{
    /// <inheritdoc/>
    public override int OutputsPerPixel => 1;

    /// <inheritdoc/>
    public override Tensor LogScale(Tensor planes) => SmoothClamp.Apply(planes.select(-2, planes.shape[^2] - 1), minimumLogScale, MaximumLogScale);
}
