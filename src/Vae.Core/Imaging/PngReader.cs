namespace Vae.Core.Imaging;

/// <summary>
/// Reads PNG files of every colour type and bit depth, plain and interlaced. Signature, order and checksums of chunks, and
/// length and checksum of the compressed data are verified. Samples of other depths are scaled to 8 bits to the nearest;
/// transparency is composed over black, which is the background of the image sets in use; gamma and colour profiles are
/// left aside. Memory beside the file is that of the result and two rows.
/// </summary>
public static class PngReader
{
    /// <summary>The largest width and height that is read.</summary>
    public const int MaximumSide = 16384;

    /// <summary>The most pixels that are read, 4096×4096: a small file may claim any size.</summary>
    public const int MaximumPixels = 1 << 24;

    // Above what MaximumPixels take without any compression, at 8 bytes a pixel.
    private const long MaximumFileLength = 160L << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; it is named in every failure.</param>
    /// <exception cref="VaeException">
    /// MissingInput where there is no such file, InputOutput where it cannot be read, BadData where it is no sound PNG.
    /// </exception>
    public static RasterImage Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] file;
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaximumFileLength)
            {
                throw new VaeException(FailureKind.BadData, $"{path}: {stream.Length} bytes are too many for a picture that is read here.");
            }

            file = new byte[stream.Length];
            stream.ReadExactly(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VaeException(FailureKind.MissingInput, $"{path}: no such file; give the path of a PNG picture.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string reason = exception.Message.ReplaceLineEndings(" ");
            throw new VaeException(FailureKind.InputOutput, $"{path}: cannot be read ({reason})", exception);
        }

        return Decode(file, path);
    }

    /// <summary>Decodes the bytes of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="path">What to call it in failures.</param>
    /// <returns>Grey where the format can hold nothing else (or the palette is all grey), RGB otherwise.</returns>
    /// <exception cref="VaeException">BadData, naming the path and the place.</exception>
    public static RasterImage Decode(ReadOnlyMemory<byte> file, string path)
    {
        try
        {
            return Decode(PngChunks.Parse(file));
        }
        catch (FormatException exception)
        {
            throw new VaeException(FailureKind.BadData, $"{path}: {exception.Message}.", exception);
        }
    }

    private static RasterImage Decode(PngChunks chunks)
    {
        PngHeader header = chunks.Header;
        PngPixelDecoder decoder = new(chunks);
        using PngInflater inflater = new(chunks);
        int stride = header.Width * decoder.OutputChannels;
        byte[] pixels = new byte[checked(stride * header.Height)];
        foreach (PngPass pass in header.Passes())
        {
            // Each row has one byte for its filter before its pixels.
            int rowLength = 1 + header.RowLength(pass.Columns(header.Width));
            byte[] row = new byte[rowLength];
            byte[] above = new byte[rowLength];
            for (int y = pass.StartY; y < header.Height; y += pass.StepY)
            {
                inflater.ReadRow(row);
                Unfilter(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterDistance, y);
                decoder.DecodeRow(row.AsSpan(1), pass, pixels.AsSpan(y * stride, stride));
                (row, above) = (above, row);
            }
        }

        inflater.Finish();
        return new RasterImage(header.Width, header.Height, decoder.OutputChannels, pixels);
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int distance, int y)
    {
        if (filter > 4)
        {
            throw new FormatException($"row {y} has filter type {filter}, which PNG does not have");
        }

        for (int i = 0; i < row.Length && filter != 0; i++)
        {
            byte left = i < distance ? (byte)0 : row[i - distance];
            byte upperLeft = i < distance ? (byte)0 : above[i - distance];
            row[i] += filter switch
            {
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) >> 1),
                _ => PngFormat.Paeth(left, above[i], upperLeft),
            };
        }
    }
}
