namespace Vae.Core.Likelihoods;

/// <summary>A scale that is given and stays.</summary>
/// <param name="scale">σ, above 0.</param>
public sealed class FixedScale(double scale) : PixelScale
{
    private readonly double _logScale = Math.Log(scale);

    /// <inheritdoc/>
    public override Tensor LogScale(Tensor planes) => full([1], _logScale, planes.dtype, planes.device);
}
