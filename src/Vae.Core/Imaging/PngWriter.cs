using SkiaSharp;

namespace Vae.Core.Imaging;

/// <summary>A picture in memory: 8 bits a sample, rows from top to bottom, samples of a pixel side by side.</summary>
internal sealed record RasterImage
{
    /// <summary>Takes samples [height, width, channels] as they are, without a copy; 1 channel is grey, 3 are red, green and blue.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public RasterImage(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3) || (Int128)width * height * channels != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} samples are no {height}×{width} pixels of {channels} channels, 1 or 3.", nameof(pixels));
        }

        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    public byte[] Pixels { get; }
}

/// <summary>Writes PNG files of 8-bit grey or RGB by Skia. The same picture gives the same bytes.</summary>
internal static class PngWriter
{
    /// <summary>The largest width and height that a PNG is written with: libpng, and so nearly every reader, takes no more.</summary>
    public const int MaximumSide = 1_000_000;

    // At zlib's level 6, which is Skia's own choice, smooth colours take a tenth more; at 9 everything takes thrice the time.
    private static readonly SKPngEncoderOptions Options = new(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 8);

    /// <summary>The whole file as bytes; the picture is at most <see cref="MaximumSide"/> wide and high.</summary>
    public static byte[] Encode(RasterImage image)
    {
        using MemoryStream stream = new();
        Write(stream, image);
        return stream.ToArray();
    }

    /// <summary>Writes the whole file to a stream, which stays open. What the stream throws passes through.</summary>
    public static unsafe void Write(Stream output, RasterImage image)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(image.Width, image.Height), MaximumSide, nameof(image));
        bool grey = image.Channels == 1;
        SKImageInfo info = new(image.Width, image.Height, grey ? SKColorType.Gray8 : SKColorType.Rgb888x, SKAlphaType.Opaque);
        fixed (byte* pixels = grey ? image.Pixels : WithFourthSample(image.Pixels))
        {
            using SKPixmap pixmap = new(info, (nint)pixels);
            using SKData file = pixmap.Encode(Options)
                ?? throw new InvalidOperationException($"Skia does not encode a picture of {image.Width}×{image.Height} pixels.");
            file.SaveTo(output);
        }
    }

    /// <summary>Skia has no pixels of three bytes.</summary>
    private static byte[] WithFourthSample(byte[] pixels)
    {
        byte[] wide = new byte[pixels.Length / 3 * 4];
        for (int i = 0; i < pixels.Length / 3; i++)
        {
            pixels.AsSpan(3 * i, 3).CopyTo(wide.AsSpan(4 * i));
        }

        return wide;
    }
}
