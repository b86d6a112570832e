using System.Buffers.Binary;

namespace Vae.Core.Imaging;

/// <summary>What writer and reader of PNG share (W3C, Portable Network Graphics, third edition).</summary>
internal static class PngFormat
{
    /// <summary>Bytes of a chunk besides its data: length, type, checksum.</summary>
    public const int ChunkOverhead = 12;

    private static readonly uint[] CrcTable = BuildCrcTable();

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>CRC-32 over a chunk's type and data (annex D; polynomial 0xEDB88320).</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        uint crc = ~seed;
        foreach (byte value in bytes)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>The chunk type as the big-endian number in the file.</summary>
    public static uint ChunkType(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    /// <summary>The predictor of filter type 4: whichever of left, above and upper left is nearest to left + above − upper left.</summary>
    public static byte Paeth(byte left, byte above, byte upperLeft)
    {
        int toLeft = Math.Abs(above - upperLeft);
        int toAbove = Math.Abs(left - upperLeft);
        int toUpperLeft = Math.Abs(left + above - (2 * upperLeft));
        return toLeft <= toAbove && toLeft <= toUpperLeft ? left : toAbove <= toUpperLeft ? above : upperLeft;
    }

    private static uint[] BuildCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
            }

            table[i] = value;
        }

        return table;
    }
}

/// <summary>Adler-32, the checksum at the end of a zlib stream (RFC 1950), over bytes that come in pieces.</summary>
internal struct Adler32()
{
    private const uint Modulus = 65521;

    // The most bytes whose sums fit 32 bits before a reduction.
    private const int Block = 5552;

    private uint _low = 1;
    private uint _high;

    public readonly uint Value => (_high << 16) | _low;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(Block, bytes.Length);
            foreach (byte value in bytes[..count])
            {
                _low += value;
                _high += _low;
            }

            _low %= Modulus;
            _high %= Modulus;
            bytes = bytes[count..];
        }
    }
}
