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

    internal static bool TryParse(string name, out SafetensorsType type) => ByName.TryGetValue(name, out type);

    /// <summary>Bytes of a tensor, or false where a dimension is negative or the product does not fit into 64 bits.</summary>
    internal static bool TryGetByteCount(this SafetensorsType type, IReadOnlyList<long> shape, out long bytes)
    {
        bytes = type.Size();
        if (shape.Any(dimension => dimension < 0))
        {
            return false;
        }

        // A zero makes the whole product zero, also where the other dimensions alone would not fit.
        foreach (long dimension in shape.Contains(0) ? [0] : shape)
        {
            Int128 product = Math.BigMul(bytes, dimension);
            if (product > long.MaxValue)
            {
                return false;
            }

            bytes = (long)product;
        }

        return true;
    }
}
