using System.Runtime.InteropServices;

namespace Vae.Core.Engine;

/// <summary>The memory of tensors on the CPU, for passes of our own.</summary>
internal static class TensorMemory
{
    /// <summary>The most bytes that a tensor may have here: a span counts them in 31 bits.</summary>
    public const long MostBytes = int.MaxValue;

    /// <summary>A tensor's numbers where they are; valid as long as the tensor is.</summary>
    /// <typeparam name="T">The type of its numbers.</typeparam>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    /// <exception cref="VaeException">BadData: it has more than <see cref="MostBytes"/>.</exception>
    public static Span<T> Of<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(BytesOf(tensor));

    /// <summary>A tensor's bytes where they are; valid as long as the tensor is.</summary>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    /// <exception cref="VaeException">BadData: it has more than <see cref="MostBytes"/>.</exception>
    public static Span<byte> BytesOf(Tensor tensor)
    {
        long bytes = tensor.numel() * tensor.element_size();
        return bytes <= MostBytes ? tensor.bytes : throw new VaeException(
            FailureKind.BadData,
            $"a tensor [{string.Join(", ", tensor.shape)}] would have {MemorySize.Text(bytes)}, and one may have {MemorySize.Text(MostBytes)}; make the batch, the samples of an image or the layers smaller");
    }
}
