using System.Numerics;

namespace Vae.Core.Runs;

/// <summary>The element types of the safetensors format that this program knows; all are little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>64-bit floating point.</summary>
    F64,

    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>16-bit floating point of IEEE 754.</summary>
    F16,

    /// <summary>The upper half of a 32-bit floating point number.</summary>
    BF16,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1; the format writes <c>BOOL</c>.</summary>
    Bool,
}

/// <summary>Sizes, names and finiteness of element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, SafetensorsType> ByName = Enum.GetValues<SafetensorsType>().ToDictionary(Name);

    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.F64 or SafetensorsType.I64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 => 4,
        SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.I16 => 2,
        _ => 1,
    };

    /// <summary>The name in a file's header.</summary>
    public static string Name(this SafetensorsType type) => type.ToString().ToUpperInvariant();

    /// <summary>The index of the first element that is infinite or no number, or −1; integers are always finite.</summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="data">The elements, one after the other; a last, incomplete one is not looked at.</param>
    public static int FirstNonFinite(this SafetensorsType type, ReadOnlySpan<byte> data) => type switch
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
        for (int i = 0; i < words.Length; i++)
        {
            if ((words[i] & exponent) == exponent)
            {
                return i;
            }
        }

        return -1;
    }

    internal static bool TryParse(string name, out SafetensorsType type) => ByName.TryGetValue(name, out type);

    /// <summary>Bytes of a tensor, or false where a dimension is negative or the product does not fit into 64 bits.</summary>
    internal static bool TryGetByteCount(this SafetensorsType type, IReadOnlyList<long> shape, out long bytes)
    {
        BigInteger product = shape.Aggregate((BigInteger)type.Size(), (size, dimension) => size * dimension);
        bool fits = shape.All(dimension => dimension >= 0) && product <= long.MaxValue;
        bytes = fits ? (long)product : 0;
        return fits;
    }
}
