using SkiaSharp;

namespace Vae.Core.Imaging;

/// <summary>A picture in memory: 8 bits a sample, rows from top to bottom, samples of a pixel side by side.</summary>
/// <param name="Width">In pixels, at least 1.</param>
/// <param name="Height">In pixels, at least 1.</param>
/// <param name="Channels">1 is grey, 3 are red, green and blue.</param>
/// <param name="Pixels">Samples [height, width, channels], taken as they are, without a copy.</param>
/// <exception cref="ArgumentException">The sizes do not fit together.</exception>
internal sealed record RasterImage(int Width, int Height, int Channels, byte[] Pixels)
{
    public int Width { get; } = Width > 0 ? Width : throw new ArgumentOutOfRangeException(nameof(Width));

    public int Height { get; } = Height > 0 ? Height : throw new ArgumentOutOfRangeException(nameof(Height));

    public byte[] Pixels { get; } = Channels is 1 or 3 && (Int128)Width * Height * Channels == Pixels.Length
        ? Pixels
        : throw new ArgumentException(
            $"{Pixels.Length} samples are no {Height}×{Width} pixels of {Channels} channels, 1 or 3.", nameof(Pixels));
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
