using System.Buffers.Binary;
using System.IO.Compression;
using Vae.Core.Engine;

namespace Vae.Core.Imaging;

/// <summary>
/// The rows inside a PNG's compressed data. ZLibStream reads a cut-off stream without an error and does not tell what
/// follows its end, so length and checksum are counted here as well.
/// </summary>
internal sealed class PngInflater : IDisposable
{
    // Deflate cannot do better: 258 bytes from 2 bits.
    private const int LargestRatio = 1032;

    private readonly ZLibStream _zlib;
    private readonly uint _expectedAdler;
    private Adler32 _adler = new();

    public PngInflater(PngChunks chunks)
    {
        long length = chunks.ImageData.Sum(part => (long)part.Length);
        byte[] ends = Ends(chunks.ImageData, length);
        if (chunks.Header.InflatedLength() > length * LargestRatio)
        {
            throw new FormatException($"{length} bytes of IDAT cannot hold the {chunks.Header.InflatedLength()} that the header asks for");
        }

        // RFC 1950: deflate with a window up to 32 KiB, a header divisible by 31, no preset dictionary.
        if ((ends[0] & 0x0F) != 8 || ends[0] >> 4 > 7 || ((ends[0] << 8) + ends[1]) % 31 != 0 || (ends[1] & 0x20) != 0)
        {
            throw new FormatException("IDAT does not begin as a zlib stream");
        }

        _expectedAdler = BinaryPrimitives.ReadUInt32BigEndian(ends.AsSpan(2));
        _zlib = new ZLibStream(new PartsStream(chunks.ImageData), CompressionMode.Decompress);
    }

    /// <summary>Fills the whole row.</summary>
    /// <exception cref="FormatException">The data are damaged or too short.</exception>
    public void ReadRow(Span<byte> row)
    {
        if (Read(row) < row.Length)
        {
            throw new FormatException("IDAT ends before the last row of the picture");
        }

        _adler.Append(row);
    }

    /// <summary>Checks that nothing is left and that the checksum holds.</summary>
    /// <exception cref="FormatException">There is more, or the checksum does not match.</exception>
    public void Finish()
    {
        if (Read(stackalloc byte[1]) > 0)
        {
            throw new FormatException("IDAT goes on after the last row of the picture");
        }

        if (_adler.Value != _expectedAdler)
        {
            throw new FormatException("the checksum at the end of IDAT does not match");
        }
    }

    public void Dispose() => _zlib.Dispose();

    private int Read(Span<byte> buffer)
    {
        try
        {
            return _zlib.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        // The stream lies in memory, so an I/O error can only come from zlib itself.
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new FormatException("IDAT cannot be decompressed", exception);
        }
    }

    /// <summary>The first two and the last four bytes, wherever the parts are cut.</summary>
    private static byte[] Ends(IReadOnlyList<ReadOnlyMemory<byte>> parts, long length)
    {
        if (length < 6)
        {
            throw new FormatException($"IDAT has {length} bytes, too few for a zlib stream");
        }

        byte[] ends = new byte[6];
        long position = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            for (int i = 0; i < Math.Min(2, part.Length); i++)
            {
                if (position + i < 2)
                {
                    ends[position + i] = part.Span[i];
                }
            }

            for (int i = Math.Max(0, part.Length - 4); i < part.Length; i++)
            {
                long fromEnd = length - (position + i);
                if (fromEnd <= 4)
                {
                    ends[6 - fromEnd] = part.Span[i];
                }
            }

            position += part.Length;
        }

        return ends;
    }

    /// <summary>The parts one after the other, without joining them in memory.</summary>
    private sealed class PartsStream(IReadOnlyList<ReadOnlyMemory<byte>> parts) : ForwardStream
    {
        private int _part;
        private int _offset;

        public override int Read(Span<byte> buffer)
        {
            while (_part < parts.Count && _offset == parts[_part].Length)
            {
                _part++;
                _offset = 0;
            }

            if (_part == parts.Count)
            {
                return 0;
            }

            ReadOnlySpan<byte> rest = parts[_part].Span[_offset..];
            int count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            _offset += count;
            return count;
        }
    }
}
