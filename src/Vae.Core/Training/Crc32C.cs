namespace Vae.Core.Training;

/// <summary>The cyclic redundancy check of Castagnoli, which TensorBoard's record files carry.</summary>
internal static class Crc32C
{
    private const uint ReversedPolynomial = 0x82F63B78;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(index => Remainder((uint)index))];

    /// <summary>The check value of the bytes; 0xE3069283 for the nine digits <c>123456789</c>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>The check value as record files store it: rotated and shifted, so that a check over checks is no trivial one.</summary>
    public static uint ComputeMasked(ReadOnlySpan<byte> bytes) => unchecked(uint.RotateRight(Compute(bytes), 15) + 0xA282EAD8);

    private static uint Remainder(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ ReversedPolynomial;
        }

        return value;
    }
}
