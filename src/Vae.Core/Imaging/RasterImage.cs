namespace Vae.Core.Imaging;

/// <summary>A picture in memory: 8 bits a sample, rows from top to bottom, samples of a pixel side by side.</summary>
internal sealed record RasterImage
{
    /// <summary>Takes the pixels as they are, without a copy.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="pixels">Samples <c>[height, width, channels]</c>.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public RasterImage(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"An image has 1 or 3 channels, not {channels}.", nameof(channels));
        }

        if ((Int128)width * height * channels != pixels.Length)
        {
            throw new ArgumentException($"{height}×{width}×{channels} samples are expected, {pixels.Length} are given.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Samples <c>[Height, Width, Channels]</c>, 0 to 255.</summary>
    public byte[] Pixels { get; }

    /// <summary>The samples of one row, <c>[Width, Channels]</c>.</summary>
    /// <param name="y">The row, from the top.</param>
    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);
}
