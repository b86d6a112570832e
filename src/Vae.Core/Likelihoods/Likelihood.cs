using static TorchSharp.torch;

namespace Vae.Core.Likelihoods;

/// <summary>
/// p(x|z) over the pixels of an image, given the decoder's unconstrained output. It owns its log-probability, its mean and its sampling.
/// </summary>
public abstract class Likelihood : nn.Module
{
    /// <summary>Creates a likelihood over images of P pixels (channels counted).</summary>
    protected Likelihood(int pixels)
        : base("likelihood") => Pixels = pixels;

    /// <summary>P, the numbers in an image.</summary>
    public int Pixels { get; }

    /// <summary>How many numbers the decoder gives for each pixel.</summary>
    public abstract int OutputsPerPixel { get; }

    /// <summary>log p(x|z) in nats per image, summed over pixels.</summary>
    /// <param name="output">The decoder's output, [K, B, P·OutputsPerPixel].</param>
    /// <param name="target">The pixels x, [B, P].</param>
    /// <returns>[K, B].</returns>
    public abstract Tensor LogProbability(Tensor output, Tensor target);

    /// <summary>E[x|z] on the scale where 0 is black and 1 is white.</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <returns>[…, P].</returns>
    public abstract Tensor Mean(Tensor output);

    /// <summary>Pixels drawn from p(x|z), on the scale of <see cref="Mean"/>.</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <param name="uniform">Draws uniform in [0, 1), [..., P].</param>
    /// <returns>[…, P].</returns>
    public abstract Tensor Sample(Tensor output, Tensor uniform);

    /// <summary>The decoder's output whose mean is a given image: where the bias of its last layer may start.</summary>
    /// <param name="mean">The image on the scale of <see cref="Mean"/>, [P]; taken to the nearest one that an output can give.</param>
    /// <returns>[P·OutputsPerPixel], as <see cref="LogProbability"/> takes it.</returns>
    public abstract float[] OutputForMean(ReadOnlySpan<float> mean);
}
