namespace Vae.Core.Imaging;

/// <summary>How images are laid out in a grid.</summary>
/// <param name="Scale">Each pixel becomes a square of this side.</param>
/// <param name="Padding">Pixels around and between images, after scaling.</param>
/// <param name="PaddingValue">What padding and empty cells are filled with: 0 black to 255 white, in every channel.</param>
/// <param name="Columns">Images in a row; by default as <see cref="ImageGrid.ColumnsFor"/> chooses.</param>
internal sealed record ImageGridOptions(int Scale = 1, int Padding = 2, byte PaddingValue = 255, int? Columns = null);

/// <summary>One picture of many images side by side. Pure tiling: what comes in decides what comes out.</summary>
internal sealed class ImageGrid
{
    /// <summary>The most pixels that a picture may have, as `--help` tells it.</summary>
    public const long MostPixels = 100_000_000;

    // A small image is scaled up until its longer side has this many pixels.
    private const int ReadableSide = 56;

    private const int MostInStrip = 16;

    private readonly ImageShape _shape;
    private readonly ImageGridOptions _options;

    /// <summary>Makes a picture of empty cells.</summary>
    /// <param name="rows">Images in a column, at least 1.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="shape">The shape of each image, of 1 or 3 channels.</param>
    /// <param name="options">The layout.</param>
    /// <exception cref="ArgumentException">Rows, columns or shape are none, or no such picture is drawn.</exception>
    /// <exception cref="VaeException">Usage: more than <see cref="MostPixels"/>, or wider or higher than a PNG can be.</exception>
    public ImageGrid(int rows, int columns, ImageShape shape, ImageGridOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Height, 1, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Width, 1, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Scale, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Padding, nameof(options));
        (_shape, _options) = (shape, options);
        (long width, long height) = (Extent(columns, shape.Width), Extent(rows, shape.Height));
        if (Math.Max(width, height) > PngWriter.MaximumSide || width * height > MostPixels)
        {
            throw new VaeException(FailureKind.Usage, string.Create(
                CultureInfo.InvariantCulture,
                $"A picture of {width}×{height} pixels is too large, at most {MostPixels:N0} and a side of {PngWriter.MaximumSide:N0} "
                + $"are drawn; ask for fewer images or write .npz."));
        }

        byte[] pixels = new byte[width * height * shape.Channels];
        pixels.AsSpan().Fill(options.PaddingValue);
        Picture = new RasterImage((int)width, (int)height, shape.Channels, pixels);
    }

    /// <summary>The picture with what has been placed so far.</summary>
    public RasterImage Picture { get; }

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

    /// <summary>Images in a row of strips: all up to 16, else rows as even as can be, so that the last is not left almost empty.</summary>
    public static int ColumnsOfStrips(int count) => RowsFor(count, RowsFor(count, MostInStrip));

    /// <summary>Rows that so many images fill, the last one perhaps in part.</summary>
    public static int RowsFor(int count, int columns) => ((count - 1) / columns) + 1;

    /// <summary>A whole factor that makes small images large enough to look at: 2 for 28×28, 1 from 56 on.</summary>
    public static int ReadableScale(ImageShape shape) => Math.Max(1, ReadableSide / Math.Max(shape.Height, shape.Width));

    /// <summary>Tiles images row by row, from the upper left.</summary>
    /// <param name="images">Samples from 0 to 1, [count, C, H, W].</param>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="shape">The shape of each image, of 1 or 3 channels.</param>
    /// <param name="options">The layout; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    /// <exception cref="VaeException">Usage: the picture would be too large.</exception>
    public static RasterImage Tile(ReadOnlySpan<float> images, int count, ImageShape shape, ImageGridOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int columns = Math.Min(count, options.Columns ?? ColumnsFor(count));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1, nameof(options));
        ImageGrid grid = new(RowsFor(count, columns), columns, shape, options);
        if ((Int128)count * shape.PixelCount != images.Length)
        {
            throw new ArgumentException($"{count} images of {shape} are expected, {images.Length} samples are given.", nameof(images));
        }

        for (int i = 0; i < count; i++)
        {
            grid.Place(images.Slice(i * shape.PixelCount, shape.PixelCount), i / columns, i % columns);
        }

        return grid.Picture;
    }

    /// <summary>Draws one image into its cell; samples are clamped and rounded to the nearest of 256, and NaN becomes 0.</summary>
    /// <param name="image">Samples from 0 to 1, [C, H, W].</param>
    /// <param name="row">Of the grid, from the top.</param>
    /// <param name="column">Of the grid, from the left.</param>
    public void Place(ReadOnlySpan<float> image, int row, int column)
    {
        int plane = _shape.Height * _shape.Width;
        int channels = _shape.Channels;
        int left = (int)Extent(column, _shape.Width);
        int top = (int)Extent(row, _shape.Height);
        int rowLength = _shape.Width * _options.Scale * channels;
        for (int y = 0; y < _shape.Height; y++)
        {
            int start = (((top + (y * _options.Scale)) * Picture.Width) + left) * channels;
            Span<byte> line = Picture.Pixels.AsSpan(start, rowLength);
            for (int i = 0; i < line.Length; i++)
            {
                (int pixel, int channel) = Math.DivRem(i, channels);
                line[i] = ToByte(image[(channel * plane) + (y * _shape.Width) + (pixel / _options.Scale)]);
            }

            for (int copy = 1; copy < _options.Scale; copy++)
            {
                line.CopyTo(Picture.Pixels.AsSpan(start + (copy * Picture.Width * channels), rowLength));
            }
        }
    }

    // The comparison is false for NaN as well.
    private static byte ToByte(float sample) => (byte)(((sample > 0 ? Math.Min(sample, 1) : 0) * 255) + 0.5f);

    /// <summary>Pixels of so many cells with the padding before, between and after them: also where the next cell begins.</summary>
    private long Extent(int cells, int side) => (cells * (((long)side * _options.Scale) + _options.Padding)) + _options.Padding;
}
