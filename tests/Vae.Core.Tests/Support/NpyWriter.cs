using System.Runtime.InteropServices;

namespace Vae.Core.Tests.Support;

/// <summary>Writes NumPy's NPY format, version 1.0, little-endian, C order.</summary>
internal static class NpyWriter
{
    /// <summary>Writes one array.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="long"/> or <see cref="byte"/>.</typeparam>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">The size of each dimension.</param>
    public static void Write<T>(Stream output, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long count = 1;
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count = checked(count * size);
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values for an array of {count}", nameof(values));
        }

        output.Write(NpyFormat.CreateHeader(NpyFormat.TypeOf<T>(), shape));
        output.Write(MemoryMarshal.AsBytes(values));
    }
}
