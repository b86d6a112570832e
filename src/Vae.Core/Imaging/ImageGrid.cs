namespace Vae.Core.Imaging;

/// <summary>How images are laid out in a grid.</summary>
public sealed record ImageGridOptions
{
    /// <summary>Images in a row; by default as <see cref="ImageGrid.ColumnsFor"/> chooses.</summary>
    public int? Columns { get; init; }

    /// <summary>Pixels around and between images, after scaling.</summary>
    public int Padding { get; init; } = 2;

    /// <summary>What padding and empty cells are filled with: 0 black to 255 white, in every channel.</summary>
    public byte PaddingValue { get; init; } = 255;

    /// <summary>Each pixel becomes a square of this side.</summary>
    public int Scale { get; init; } = 1;
}

/// <summary>Lays images side by side into one picture. Pure tiling: what comes in decides what comes out.</summary>
public static class ImageGrid
{
    /// <summary>The most samples a grid may have, 256 MiB.</summary>
    public const int MaximumSamples = 1 << 28;

    // A small image is scaled up until its longer side has this many pixels.
    private const int ReadableSide = 56;

    /// <summary>
    /// Images in a row for a grid at least as wide as high and at most twice as wide: without empty cells where the count
    /// has such divisors, with as few as can be otherwise, and of these the grid nearest to a square.
    /// </summary>
    /// <param name="count">How many images, at least 1.</param>
    public static int ColumnsFor(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int best = 0;
        long fewest = long.MaxValue;
        for (int columns = (int)Math.Ceiling(Math.Sqrt(count)); best == 0 || columns <= 2 * RowsFor(count, columns); columns++)
        {
            long empty = ((long)RowsFor(count, columns) * columns) - count;
            if (empty < fewest)
            {
                (best, fewest) = (columns, empty);
            }
        }

        return best;
    }

    /// <summary>Rows that so many images fill, the last one perhaps in part.</summary>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    public static int RowsFor(int count, int columns) => ((count - 1) / columns) + 1;

    /// <summary>A whole factor that makes small images large enough to look at: 2 for 28×28, 1 from 56 on.</summary>
    /// <param name="height">Height of one image in pixels.</param>
    /// <param name="width">Width of one image in pixels.</param>
    public static int ReadableScale(int height, int width) => Math.Max(1, ReadableSide / Math.Max(height, width));

    /// <summary>Width and height of a grid in pixels, known before there is any image.</summary>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Height of one image.</param>
    /// <param name="width">Width of one image.</param>
    /// <param name="options">The layout; null takes the defaults.</param>
    /// <exception cref="VaeException">Usage: the grid would be larger than <see cref="MaximumSamples"/> or wider or higher than a PNG can be.</exception>
    public static (int Width, int Height) Size(int count, int channels, int height, int width, ImageGridOptions? options = null)
    {
        options ??= new ImageGridOptions();
        int columns = Columns(count, options);
        long gridWidth = Extent(columns, width, options);
        long gridHeight = Extent(RowsFor(count, columns), height, options);
        return Math.Max(gridWidth, gridHeight) <= PngWriter.MaximumSide && gridWidth * gridHeight * channels <= MaximumSamples
            ? ((int)gridWidth, (int)gridHeight)
            : throw new VaeException(
                FailureKind.Usage,
                $"A grid of {gridWidth}×{gridHeight} pixels is too large for one picture; ask for fewer images or write .npz.");
    }

    /// <summary>Tiles images row by row, from the upper left.</summary>
    /// <param name="images">Pixels <c>[count, channels, height, width]</c>.</param>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Height of one image.</param>
    /// <param name="width">Width of one image.</param>
    /// <param name="options">The layout; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    /// <exception cref="VaeException">Usage: the grid would be larger than <see cref="MaximumSamples"/>.</exception>
    public static RasterImage Tile(
        ReadOnlySpan<byte> images, int count, int channels, int height, int width, ImageGridOptions? options = null)
    {
        options ??= new ImageGridOptions();
        Check(images.Length, count, channels, height, width, options);
        int columns = Columns(count, options);
        (int gridWidth, int gridHeight) = Size(count, channels, height, width, options);
        byte[] pixels = new byte[gridWidth * gridHeight * channels];
        pixels.AsSpan().Fill(options.PaddingValue);
        RasterImage grid = new(gridWidth, gridHeight, channels, pixels);
        int imageLength = channels * height * width;
        for (int i = 0; i < count; i++)
        {
            (int row, int column) = Math.DivRem(i, columns);
            int left = (int)Extent(column, width, options);
            int top = (int)Extent(row, height, options);
            Place(images.Slice(i * imageLength, imageLength), height, width, options.Scale, grid, left, top);
        }

        return grid;
    }

    /// <summary>Tiles images of samples from 0 to 1, as <see cref="ToBytes"/> turns them into bytes.</summary>
    /// <inheritdoc cref="Tile(ReadOnlySpan{byte}, int, int, int, int, ImageGridOptions?)"/>
    public static RasterImage Tile(
        ReadOnlySpan<float> images, int count, int channels, int height, int width, ImageGridOptions? options = null)
    {
        byte[] bytes = new byte[images.Length];
        ToBytes(images, bytes);
        return Tile(bytes, count, channels, height, width, options);
    }

    /// <summary>Samples from 0 to 1 as bytes from 0 to 255, to the nearest; what lies outside is clamped, NaN becomes 0.</summary>
    /// <param name="values">Samples in any order.</param>
    /// <param name="bytes">As many bytes, in the same order.</param>
    public static void ToBytes(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        if (bytes.Length != values.Length)
        {
            throw new ArgumentException($"{values.Length} values do not go into {bytes.Length} bytes.", nameof(bytes));
        }

        for (int i = 0; i < values.Length; i++)
        {
            // The comparison is false for NaN as well.
            float value = values[i] > 0 ? Math.Min(values[i], 1) : 0;
            bytes[i] = (byte)((value * 255) + 0.5f);
        }
    }

    private static int Columns(int count, ImageGridOptions options) => Math.Min(count, options.Columns ?? ColumnsFor(count));

    private static void Check(int length, int count, int channels, int height, int width, ImageGridOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Scale, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Padding, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns ?? 1, 1, nameof(options));
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"An image has 1 or 3 channels, not {channels}.", nameof(channels));
        }

        if ((Int128)count * channels * height * width != length)
        {
            throw new ArgumentException($"{count}×{channels}×{height}×{width} samples are expected, {length} are given.", nameof(length));
        }
    }

    /// <summary>Pixels of so many cells with the padding before, between and after them: also where the next cell begins.</summary>
    private static long Extent(int cells, int side, ImageGridOptions options) =>
        (cells * (((long)side * options.Scale) + options.Padding)) + options.Padding;

    /// <summary>Copies one image <c>[C, H, W]</c> into the grid <c>[H, W, C]</c>.</summary>
    private static void Place(ReadOnlySpan<byte> image, int height, int width, int scale, RasterImage grid, int left, int top)
    {
        int plane = height * width;
        int channels = grid.Channels;
        int rowLength = width * scale * channels;
        for (int y = 0; y < height; y++)
        {
            int start = (((top + (y * scale)) * grid.Width) + left) * channels;
            Span<byte> line = grid.Pixels.AsSpan(start, rowLength);
            for (int i = 0; i < line.Length; i++)
            {
                (int pixel, int channel) = Math.DivRem(i, channels);
                line[i] = image[(channel * plane) + (y * width) + (pixel / scale)];
            }

            for (int copy = 1; copy < scale; copy++)
            {
                line.CopyTo(grid.Pixels.AsSpan(start + (copy * grid.Width * channels), rowLength));
            }
        }
    }
}
