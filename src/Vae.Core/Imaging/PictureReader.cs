using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using SkiaSharp;

namespace Vae.Core.Imaging;

/// <summary>
/// Reads pictures by Skia: PNG files of every colour type and bit depth, plain and interlaced. What Skia lets pass in a damaged file is
/// refused by checks of our own. Samples of other depths are scaled to 8 bits to the nearest; transparency is composed over black, which
/// is the background of the image sets in use; colours that have an ICC profile become sRGB, grey and what only tells its gamma stay.
/// </summary>
internal static class PictureReader
{
    /// <summary>The largest width and height that is read.</summary>
    public const int MaximumSide = 16384;

    /// <summary>The most pixels that are read, 4096×4096: a small file may claim any size.</summary>
    public const int MaximumPixels = 1 << 24;

    // Above what MaximumPixels take without any compression, at 8 bytes a pixel.
    private const long MaximumFileLength = 160L << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="VaeException">
    /// MissingInput where there is no such file, InputOutput where it cannot be read, BadData where it is no sound PNG.
    /// </exception>
    public static RasterImage Read(string path)
    {
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
            return DecodePng(file);
        }
        catch (FormatException exception)
        {
            throw new VaeException(FailureKind.BadData, $"{path}: {exception.Message}.", exception);
        }
    }

    /// <summary>Refuses a picture that is empty or too large to be read, by what its header says.</summary>
    /// <exception cref="FormatException">The size is out of bounds.</exception>
    internal static void CheckSize(long width, long height)
    {
        if (width == 0 || height == 0)
        {
            throw new FormatException($"a picture of {width}×{height} pixels, which has none");
        }

        if (width > MaximumSide || height > MaximumSide || width * height > MaximumPixels)
        {
            throw new FormatException($"a picture of {width}×{height} pixels; "
                + $"at most {MaximumSide} a side and {MaximumPixels} in all are read, so make it smaller");
        }
    }

    private static RasterImage DecodePng(ReadOnlyMemory<byte> file)
    {
        PngChunks chunks = PngChunks.Parse(file);
        PngHeader header = chunks.Header;
        bool toStandard = chunks.HasProfile && !chunks.IsGrey;
        if (header.BitDepth == 16 && !toStandard)
        {
            return DecodeDeep(chunks);
        }

        PngRows.Read(chunks, chunks.Colours < 1 << header.BitDepth ? (row, pass, _) => CheckColours(row, pass, chunks) : null);
        SKColorType type = header.BitDepth == 16 ? SKColorType.RgbaF16 : SKColorType.Rgba8888;
        return DecodeBySkia(file.Span, chunks.IsGrey ? 1 : 3, type, toStandard);
    }

    /// <param name="file">The whole file.</param>
    /// <param name="channels">1 or 3, of what is returned.</param>
    /// <param name="type">What the file is decoded to before it is rounded to 8 bits.</param>
    /// <param name="toStandard">Whether colours become sRGB, as the file's profile says; samples are taken as they are otherwise.</param>
    private static RasterImage DecodeBySkia(ReadOnlySpan<byte> file, int channels, SKColorType type, bool toStandard)
    {
        using SKData data = SKData.CreateCopy(file);
        using SKCodec codec = SKCodec.Create(data) ?? throw new FormatException("the picture cannot be decoded");
        CheckSize(codec.Info.Width, codec.Info.Height);
        SKColorSpace? space = toStandard ? SKColorSpace.CreateSrgb() : null;
        using SKBitmap decoded = new(new SKImageInfo(codec.Info.Width, codec.Info.Height, type, SKAlphaType.Unpremul, space));
        SKCodecResult result = codec.GetPixels(decoded.Info, decoded.GetPixels());
        if (result != SKCodecResult.Success)
        {
            throw new FormatException($"the picture cannot be decoded ({result})");
        }

        using SKBitmap? rounded = type == SKColorType.Rgba8888 ? null : decoded.Copy(SKColorType.Rgba8888);
        ReadOnlySpan<byte> samples = (rounded ?? decoded).GetPixelSpan();
        byte[] pixels = new byte[decoded.Width * decoded.Height * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, channels);
            pixels[i] = (byte)(((samples[(4 * pixel) + channel] * samples[(4 * pixel) + 3]) + 127) / 255);
        }

        return new RasterImage(decoded.Width, decoded.Height, channels, pixels);
    }

    /// <summary>For Skia keeps the upper 8 of 16 bits; the nearest is wanted, which differs for every fourth value.</summary>
    private static RasterImage DecodeDeep(PngChunks chunks)
    {
        const long Largest = ushort.MaxValue;
        const long Unit = Largest * Largest;
        PngHeader header = chunks.Header;
        int channels = chunks.IsGrey ? 1 : 3;
        int pixelLength = header.BitsPerPixel / 8;
        bool hasAlpha = header.ColorType is PngColorType.GreyAlpha or PngColorType.RgbAlpha;
        byte[] pixels = new byte[header.Width * header.Height * channels];
        PngRows.Read(chunks, (row, pass, y) =>
        {
            for (int i = 0; i < pass.Columns(header.Width); i++)
            {
                ReadOnlySpan<byte> samples = row.Slice(i * pixelLength, pixelLength);
                long alpha = hasAlpha ? BinaryPrimitives.ReadUInt16BigEndian(samples[^2..])
                    : samples.SequenceEqual(chunks.Transparency.Span) ? 0 : Largest;
                int place = ((y * header.Width) + pass.StartX + (i * pass.StepX)) * channels;
                for (int c = 0; c < channels; c++)
                {
                    long sample = BinaryPrimitives.ReadUInt16BigEndian(samples[(2 * c)..]);
                    pixels[place + c] = (byte)(((sample * alpha * 255) + (Unit / 2)) / Unit);
                }
            }
        });
        return new RasterImage(header.Width, header.Height, channels, pixels);
    }

    /// <summary>Skia gives pixels outside the palette some colour of it; a file that has them is damaged.</summary>
    private static void CheckColours(ReadOnlySpan<byte> row, PngPass pass, PngChunks chunks)
    {
        int bits = chunks.Header.BitDepth;
        for (int i = 0; i < pass.Columns(chunks.Header.Width); i++)
        {
            int bit = i * bits;
            int colour = (row[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
            if (colour >= chunks.Colours)
            {
                throw new FormatException($"a pixel has colour {colour} of a palette of {chunks.Colours}");
            }
        }
    }
}

/// <summary>Takes a row of pixels, packed as they are in the file.</summary>
/// <param name="row">The pixels of one row of a pass.</param>
/// <param name="pass">The reduced image that the row is of.</param>
/// <param name="y">The row of the picture that it belongs to.</param>
internal delegate void TakePngRow(ReadOnlySpan<byte> row, PngPass pass, int y);

/// <summary>The rows of a PNG's compressed data. Skia stops where it has its pixels, so length and checksum are verified here.</summary>
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
