using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Vae.Core.Engine;

/// <summary>The memory of tensors on the CPU, for passes of our own.</summary>
internal static class TensorMemory
{
    /// <summary>A tensor's numbers where they are; valid as long as the tensor is.</summary>
    /// <typeparam name="T">The type of its numbers.</typeparam>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    public static Span<T> Of<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
