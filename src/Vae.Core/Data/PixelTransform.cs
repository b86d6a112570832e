using Vae.Core.Engine;

namespace Vae.Core.Data;

/// <summary>
/// Turns uint8 pixels into the network's input and the likelihood's target: a pure function of the image, the epoch and the image's index in
/// its published part, so that neither batch size nor order nor the number of workers changes a pixel.
/// </summary>
/// <param name="Binarization">How grey values become zeros and ones.</param>
/// <param name="Stream">Where the draws of <see cref="Binarization.Static"/> and <see cref="Binarization.Dynamic"/> come from.</param>
public sealed record PixelTransform(Binarization Binarization, RandomStream Stream)
{
    /// <summary>The input and the target of one image, both [P].</summary>
    /// <param name="image">The pixels [P].</param>
    /// <param name="epoch">The epoch; only <see cref="Binarization.Dynamic"/> depends on it.</param>
    /// <param name="publishedIndex">The image's index in its published part, <see cref="ImageSet.PublishedIndex"/>.</param>
    /// <param name="input">What the encoder sees [P].</param>
    /// <param name="target">What the likelihood scores [P]; may be the same memory as <paramref name="input"/>.</param>
    public void Apply(ReadOnlySpan<byte> image, long epoch, int publishedIndex, Span<float> input, Span<float> target) =>
        throw new NotImplementedException();

    /// <summary>The inputs and the targets of a batch, both [B, P].</summary>
    /// <param name="images">The set the indices refer to.</param>
    /// <param name="indices">The images of the batch [B].</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="input">What the encoder sees [B, P].</param>
    /// <param name="target">What the likelihood scores [B, P]; may be the same memory as <paramref name="input"/>.</param>
    public void Apply(ImageSet images, ReadOnlySpan<int> indices, long epoch, Span<float> input, Span<float> target) =>
        throw new NotImplementedException();
}
