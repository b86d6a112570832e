using System.Numerics;

namespace Vae.Core.Runs;

/// <summary>Looks at the values of tensors without a tensor library.</summary>
internal static class SafetensorsValues
{
    /// <summary>The index of the first element that is infinite or no number, or −1; integers are always finite.</summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="data">The elements, one after the other; a last, incomplete one is not looked at.</param>
    public static long FirstNonFinite(SafetensorsType type, ReadOnlySpan<byte> data) => type switch
    {
        SafetensorsType.F64 => FirstWith(MemoryMarshal.Cast<byte, ulong>(data), 0x7FF0_0000_0000_0000UL),
        SafetensorsType.F32 => FirstWith(MemoryMarshal.Cast<byte, uint>(data), 0x7F80_0000U),
        SafetensorsType.F16 => FirstWith(MemoryMarshal.Cast<byte, ushort>(data), (ushort)0x7C00),
        SafetensorsType.BF16 => FirstWith(MemoryMarshal.Cast<byte, ushort>(data), (ushort)0x7F80),
        _ => -1,
    };

    /// <summary>The first word with all bits of the exponent set, which makes a floating point number infinite or no number.</summary>
    private static int FirstWith<T>(ReadOnlySpan<T> words, T exponent)
        where T : struct, IBinaryInteger<T>
    {
        Vector<T> mask = new Vector<T>(exponent);
        int i = 0;
        for (; i <= words.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(words[i..]) & mask, mask))
            {
                break;
            }
        }

        for (; i < words.Length; i++)
        {
            if ((words[i] & exponent) == exponent)
            {
                return i;
            }
        }

        return -1;
    }
}
