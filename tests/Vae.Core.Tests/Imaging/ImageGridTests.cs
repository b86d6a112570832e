namespace Vae.Core.Tests.Imaging;

public class ImageGridTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(8, 2, 4)]
    [InlineData(10, 3, 4)]
    [InlineData(12, 3, 4)]
    [InlineData(16, 4, 4)]
    [InlineData(50, 5, 10)]
    [InlineData(64, 8, 8)]
    [InlineData(100, 10, 10)]
    [InlineData(101, 8, 13)]
    public void Familiar_counts_get_the_expected_grid(int count, int rows, int columns)
    {
        Assert.Equal(columns, ImageGrid.ColumnsFor(count));
        Assert.Equal(rows, ImageGrid.RowsFor(count, columns));
    }

    [Fact]
    public void Any_count_gets_a_grid_between_square_and_twice_as_wide_as_high_with_the_fewest_empty_cells()
    {
        for (int count = 1; count <= 2000; count++)
        {
            int columns = ImageGrid.ColumnsFor(count);
            int rows = ImageGrid.RowsFor(count, columns);
            int empty = (rows * columns) - count;
            Assert.InRange(columns, rows, 2 * rows);
            Assert.InRange(empty, 0, columns - 1);
            for (int other = 1; other <= count; other++)
            {
                int otherRows = ImageGrid.RowsFor(count, other);
                bool allowed = otherRows <= other && other <= 2 * otherRows;
                Assert.False(
                    allowed && (otherRows * other) - count < empty, $"{count} images: {otherRows}×{other} leaves fewer cells empty");
            }
        }
    }

    [Fact]
    public void The_largest_count_is_laid_out_without_overflow()
    {
        int columns = ImageGrid.ColumnsFor(int.MaxValue);
        Assert.InRange((long)columns * ImageGrid.RowsFor(int.MaxValue, columns), int.MaxValue, int.MaxValue + (long)columns);
    }

    [Fact]
    public void Images_stand_row_by_row_between_padding()
    {
        byte[] images = [1, 2, 3, 4, 5, 6];
        RasterImage grid = Tile(images, 3, new ImageShape(1, 1, 2), new ImageGridOptions { Columns = 2, Padding = 1, PaddingValue = 9 });
        Assert.Equal((7, 5, 1), (grid.Width, grid.Height, grid.Channels));
        byte[] expected =
        [
            9, 9, 9, 9, 9, 9, 9,
            9, 1, 2, 9, 3, 4, 9,
            9, 9, 9, 9, 9, 9, 9,
            9, 5, 6, 9, 9, 9, 9,
            9, 9, 9, 9, 9, 9, 9,
        ];
        Assert.Equal(expected, grid.Pixels);
    }

    [Fact]
    public void Planes_of_colour_become_pixels()
    {
        byte[] images = [1, 2, 10, 20, 100, 200];
        RasterImage grid = Tile(images, 1, new ImageShape(3, 1, 2), new ImageGridOptions { Padding = 0 });
        Assert.Equal((2, 1, 3), (grid.Width, grid.Height, grid.Channels));
        Assert.Equal([1, 10, 100, 2, 20, 200], grid.Pixels);
    }

    [Fact]
    public void Scaling_makes_each_pixel_a_square()
    {
        RasterImage grid = Tile([1, 2, 3, 4], 1, new ImageShape(1, 2, 2), new ImageGridOptions { Padding = 0, Scale = 3 });
        Assert.Equal((6, 6), (grid.Width, grid.Height));
        for (int y = 0; y < 6; y++)
        {
            for (int x = 0; x < 6; x++)
            {
                Assert.Equal(1 + (2 * (y / 3)) + (x / 3), grid.Pixels[(6 * y) + x]);
            }
        }
    }

    [Fact]
    public void The_default_grid_of_64_digits_is_8_by_8_with_padding_of_2()
    {
        RasterImage grid = Tile(new byte[64 * 784], 64, new ImageShape(1, 28, 28));
        Assert.Equal((8 * 30) + 2, grid.Width);
        Assert.Equal((8 * 30) + 2, grid.Height);
        Assert.Equal(64 * 784, grid.Pixels.Count(value => value == 0));
        Assert.Equal(2, ImageGrid.ReadableScale(new ImageShape(1, 28, 28)));
        Assert.Equal(1, ImageGrid.ReadableScale(new ImageShape(1, 64, 200)));
        Assert.Equal(7, ImageGrid.ReadableScale(new ImageShape(1, 8, 8)));
    }

    [Fact]
    public void More_columns_than_images_leave_no_empty_column()
    {
        RasterImage grid = Tile([1, 2, 3], 3, new ImageShape(1, 1, 1), new ImageGridOptions { Columns = 10, Padding = 0 });
        Assert.Equal([1, 2, 3], grid.Pixels);
    }

    [Fact]
    public void Samples_from_0_to_1_are_rounded_and_clamped()
    {
        float[] values =
            [0, 1, 0.5f, 0.4999f / 255, 0.5001f / 255, 254.51f / 255, -3, 7, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        byte[] expected = [0, 255, 128, 0, 1, 255, 0, 255, 0, 255, 0];
        Assert.Equal(expected, Row(values));
        Assert.Equal(
            Enumerable.Range(0, 256), Row([.. Enumerable.Range(0, 256).Select(value => value / 255f)]).Select(value => (int)value));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        ImageShape square = new(1, 2, 2);
        Assert.Throws<ArgumentException>(() => Tile(new byte[5], 1, square));
        Assert.Throws<ArgumentException>(() => Tile(new byte[8], 1, square with { Channels = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tile([], 0, square));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tile(new byte[4], 1, square, new ImageGridOptions { Columns = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tile(new byte[4], 1, square, new ImageGridOptions { Scale = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tile(new byte[4], 1, square, new ImageGridOptions { Padding = -1 }));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(17, 9)]
    [InlineData(32, 16)]
    [InlineData(33, 11)]
    [InlineData(1000, 16)]
    public void Rows_of_strips_are_as_even_as_can_be(int count, int columns) => Assert.Equal(columns, ImageGrid.ColumnsOfStrips(count));

    [Fact]
    public void A_grid_too_large_for_a_picture_is_the_users_to_mend()
    {
        AssertTooLarge(1, 1, 2, new ImageGridOptions { Scale = int.MaxValue, Padding = int.MaxValue });
        AssertTooLarge(1, PngWriter.MaximumSide + 1, 1, new ImageGridOptions { Padding = 0 });
        AssertTooLarge(PngWriter.MaximumSide + 1, 1, 1, new ImageGridOptions { Padding = 0 });
        AssertTooLarge(1, 1, 10_001, new ImageGridOptions { Padding = 0 });
        Assert.Equal(
            ImageGrid.MostPixels,
            new ImageGrid(1, 1, new ImageShape(1, 10_000, 10_000), new ImageGridOptions { Padding = 0 }).Picture.Pixels.Length);
    }

    private static void AssertTooLarge(int rows, int columns, int side, ImageGridOptions options)
    {
        VaeException exception = Assert.Throws<VaeException>(() => new ImageGrid(rows, columns, new ImageShape(1, side, side), options));
        Assert.Equal(FailureKind.Usage, exception.Kind);
        Assert.Contains("fewer images or write .npz", exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Row(float[] samples) =>
        ImageGrid.Tile(samples, 1, new ImageShape(1, 1, samples.Length), new ImageGridOptions { Padding = 0 }).Pixels;

    private static RasterImage Tile(byte[] images, int count, ImageShape shape, ImageGridOptions? options = null) =>
        ImageGrid.Tile(Array.ConvertAll(images, value => value / 255f), count, shape, options);
}
