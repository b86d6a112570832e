using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Vae.Core.Imaging;

/// <summary>Takes a row of pixels, packed as they are in the file.</summary>
/// <param name="row">The pixels of one row of a pass.</param>
/// <param name="pass">The reduced image that the row is of.</param>
/// <param name="y">The row of the picture that it belongs to.</param>
internal delegate void TakePngRow(ReadOnlySpan<byte> row, PngPass pass, int y);

/// <summary>The rows inside a PNG's compressed data. Skia stops where it has its pixels, so length and checksum are verified here.</summary>
internal static class PngRows
{
    /// <summary>Reads all rows to the end.</summary>
    /// <param name="chunks">The file.</param>
    /// <param name="take">Called for each row, with its filter undone; null where the checks are all that is wanted.</param>
    /// <exception cref="FormatException">The data are damaged, too short or too long.</exception>
    public static void Read(PngChunks chunks, TakePngRow? take)
    {
        ReadOnlySpan<byte> data = chunks.ImageData.GetBuffer().AsSpan(0, (int)chunks.ImageData.Length);
        CheckBeginning(data);
        chunks.ImageData.Position = 0;
        using ZLibStream zlib = new(chunks.ImageData, CompressionMode.Decompress, leaveOpen: true);
        Adler32 adler = new();
        try
        {
            foreach (PngPass pass in chunks.Header.Passes())
            {
                ReadPass(zlib, chunks.Header, pass, adler, take);
            }

            if (zlib.ReadByte() >= 0)
            {
                throw new FormatException("IDAT goes on after the last row of the picture");
            }
        }
        // The stream lies in memory, so an I/O error can only come from zlib itself.
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new FormatException("IDAT cannot be decompressed", exception);
        }

        // ZLibStream ends quietly where its data are cut off, and does not tell what follows their end.
        if (adler.GetCurrentHashAsUInt32() != BinaryPrimitives.ReadUInt32BigEndian(data[^4..]))
        {
            throw new FormatException("the checksum at the end of IDAT does not match");
        }
    }

    private static void CheckBeginning(ReadOnlySpan<byte> data)
    {
        if (data.Length < 6)
        {
            throw new FormatException($"IDAT has {data.Length} bytes, too few for a zlib stream");
        }

        // RFC 1950: deflate with a window up to 32 KiB, a header divisible by 31, no preset dictionary.
        if ((data[0] & 0x0F) != 8 || data[0] >> 4 > 7 || ((data[0] << 8) + data[1]) % 31 != 0 || (data[1] & 0x20) != 0)
        {
            throw new FormatException("IDAT does not begin as a zlib stream");
        }
    }

    private static void ReadPass(ZLibStream zlib, PngHeader header, PngPass pass, Adler32 adler, TakePngRow? take)
    {
        // Each row has one byte for its filter before its pixels.
        byte[] row = new byte[1 + header.RowLength(pass.Columns(header.Width))];
        byte[] above = new byte[row.Length];
        for (int y = pass.StartY; y < header.Height; y += pass.StepY)
        {
            if (zlib.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw new FormatException("IDAT ends before the last row of the picture");
            }

            adler.Append(row);
            if (row[0] > 4)
            {
                throw new FormatException($"row {y} has filter type {row[0]}, which PNG does not have");
            }

            if (take is not null)
            {
                Unfilter(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterDistance);
                take(row.AsSpan(1), pass, y);
                (row, above) = (above, row);
            }
        }
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (int i = 0; i < row.Length && filter != 0; i++)
        {
            byte left = i < distance ? (byte)0 : row[i - distance];
            byte upperLeft = i < distance ? (byte)0 : above[i - distance];
            row[i] += filter switch
            {
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) >> 1),
                _ => Paeth(left, above[i], upperLeft),
            };
        }
    }

    /// <summary>The predictor of filter type 4: whichever of left, above and upper left is nearest to left + above − upper left.</summary>
    private static byte Paeth(byte left, byte above, byte upperLeft)
    {
        int toLeft = Math.Abs(above - upperLeft);
        int toAbove = Math.Abs(left - upperLeft);
        int toUpperLeft = Math.Abs(left + above - (2 * upperLeft));
        return toLeft <= toAbove && toLeft <= toUpperLeft ? left : toAbove <= toUpperLeft ? above : upperLeft;
    }
}
