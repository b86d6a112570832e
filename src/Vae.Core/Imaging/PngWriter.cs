using System.Buffers.Binary;
using System.IO.Compression;

namespace Vae.Core.Imaging;

/// <summary>
/// Writes PNG files of 8-bit grey or RGB. Each row takes the filter with the least sum of absolute differences, the
/// heuristic that the PNG specification recommends (12.7). The same picture gives the same bytes.
/// </summary>
public static class PngWriter
{
    private const int FilterTypes = 5;

    /// <summary>The whole file as bytes.</summary>
    /// <param name="image">The picture.</param>
    public static byte[] Encode(RasterImage image)
    {
        using MemoryStream stream = new();
        Write(stream, image);
        return stream.ToArray();
    }

    /// <summary>Writes the whole file to a stream, which stays open. What the stream throws passes through.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="image">The picture.</param>
    public static void Write(Stream output, RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(image);
        output.Write(PngFormat.Signature);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = image.Channels == 1 ? (byte)0 : (byte)2;
        // Compression, filter method and interlace have one value each here: 0.
        header[10..].Clear();
        WriteChunk(output, "IHDR"u8, header);
        WriteChunk(output, "IDAT"u8, Compress(image));
        WriteChunk(output, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(RasterImage image)
    {
        MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            int rowLength = image.Width * image.Channels;
            byte[] above = new byte[rowLength];
            byte[][] candidates = [.. Enumerable.Range(0, FilterTypes).Select(_ => new byte[rowLength])];
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                int best = ChooseFilter(row, above, image.Channels, candidates);
                zlib.WriteByte((byte)best);
                zlib.Write(candidates[best]);
                row.CopyTo(above);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>Fills one candidate row per filter type and returns the type with the least sum of absolute differences.</summary>
    private static int ChooseFilter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, byte[][] candidates)
    {
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i < pixelBytes ? (byte)0 : row[i - pixelBytes];
            byte upperLeft = i < pixelBytes ? (byte)0 : above[i - pixelBytes];
            candidates[0][i] = row[i];
            candidates[1][i] = (byte)(row[i] - left);
            candidates[2][i] = (byte)(row[i] - above[i]);
            candidates[3][i] = (byte)(row[i] - ((left + above[i]) >> 1));
            candidates[4][i] = (byte)(row[i] - PngFormat.Paeth(left, above[i], upperLeft));
        }

        int best = 0;
        long least = long.MaxValue;
        for (int filter = 0; filter < FilterTypes; filter++)
        {
            long sum = 0;
            foreach (byte value in candidates[filter])
            {
                sum += Math.Abs((int)(sbyte)value);
            }

            if (sum < least)
            {
                (best, least) = (filter, sum);
            }
        }

        return best;
    }

    private static void WriteChunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngFormat.Crc(data, PngFormat.Crc(type)));
        output.Write(number);
    }
}
