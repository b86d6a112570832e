using Vae.Core.Engine;

namespace Vae.Core.Data;

/// <summary>Turns images of a set into tensors on a device, binarizing them on the way.</summary>
/// <param name="images">The set.</param>
/// <param name="transform">How pixels become input and target.</param>
/// <param name="device">Where the tensors go.</param>
public sealed class BatchLoader(ImageSet images, PixelTransform transform, Device device)
{
    /// <summary>The set.</summary>
    public ImageSet Images => images;

    /// <summary>How pixels become input and target.</summary>
    public PixelTransform Transform => transform;

    /// <summary>Whether the target is the input, so that one memory does for both.</summary>
    public bool TargetIsInput => transform.Dequantization is null;

    /// <summary>One image into memory of the caller's; takes none of its own.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="epoch">The epoch whose draws binarize it; 0 for evaluation.</param>
    /// <param name="input">What the encoder sees, [P].</param>
    /// <param name="target">What the likelihood scores, [P]; the input's memory where <see cref="TargetIsInput"/>.</param>
    /// <returns>The image's index in the published part: the key of its random draws.</returns>
    public int LoadRow(int index, int epoch, Span<float> input, Span<float> target)
    {
        int published = images.PublishedIndex(index);
        transform.Apply(images.Image(index), epoch, published, input, target);
        return published;
    }

    /// <summary>The batch of the given images. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="indices">Which images.</param>
    /// <param name="epoch">The epoch whose draws binarize them; 0 for evaluation.</param>
    public Batch Load(ReadOnlySpan<int> indices, int epoch)
    {
        int pixels = images.Shape.PixelCount;
        Tensor input = empty(indices.Length, pixels, ScalarType.Float32);
        Tensor target = TargetIsInput ? input : empty(indices.Length, pixels, ScalarType.Float32);
        transform.Apply(images, indices, epoch, TensorMemory.Of<float>(input), TensorMemory.Of<float>(target));
        int[] published = new int[indices.Length];
        for (int i = 0; i < published.Length; i++)
        {
            published[i] = images.PublishedIndex(indices[i]);
        }

        Tensor there = input.to(device);
        return new Batch(there, TargetIsInput ? there : target.to(device), published);
    }
}
