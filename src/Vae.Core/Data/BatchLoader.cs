using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vae.Core.Data;

/// <summary>Some images as tensors: what the encoder sees and what the likelihood scores, kept apart.</summary>
/// <param name="Indices">Which images these are, by their index in the published part: the key of their random draws, [B].</param>
/// <param name="Input">The encoder's input, [B, P] float32.</param>
/// <param name="Target">The likelihood's target, [B, P] float32.</param>
public sealed record ImageBatch(int[] Indices, Tensor Input, Tensor Target)
{
    /// <summary>B.</summary>
    public int Count => Indices.Length;
}

/// <summary>Turns images of a set into tensors on a device, binarizing them on the way.</summary>
/// <param name="images">The set.</param>
/// <param name="transform">How pixels become input and target.</param>
/// <param name="device">Where the tensors go.</param>
public sealed class BatchLoader(ImageSet images, PixelTransform transform, Device device)
{
    /// <summary>The set.</summary>
    public ImageSet Images => images;

    /// <summary>The batch of the given images. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="indices">Which images.</param>
    /// <param name="epoch">The epoch whose draws binarize them; 0 for evaluation.</param>
    public ImageBatch Load(int[] indices, int epoch)
    {
        int pixels = images.Shape.PixelCount;
        Tensor input = empty(indices.Length, pixels, ScalarType.Float32);
        Tensor target = empty(indices.Length, pixels, ScalarType.Float32);
        transform.Apply(images, indices, epoch, MemoryMarshal.Cast<byte, float>(input.bytes), MemoryMarshal.Cast<byte, float>(target.bytes));
        int[] published = [.. indices.Select(images.PublishedIndex)];
        return new ImageBatch(published, input.to(device), target.to(device));
    }
}
