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
                Assert.False(allowed && (otherRows * other) - count < empty, $"{count} images: {otherRows}×{other} leaves fewer cells empty");
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
        RasterImage grid = ImageGrid.Tile(images, 3, 1, 1, 2, new ImageGridOptions { Columns = 2, Padding = 1, PaddingValue = 9 });
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
        RasterImage grid = ImageGrid.Tile(images, 1, 3, 1, 2, new ImageGridOptions { Padding = 0 });
        Assert.Equal((2, 1, 3), (grid.Width, grid.Height, grid.Channels));
        Assert.Equal([1, 10, 100, 2, 20, 200], grid.Pixels);
    }

    [Fact]
    public void Scaling_makes_each_pixel_a_square()
    {
        RasterImage grid = ImageGrid.Tile([1, 2, 3, 4], 1, 1, 2, 2, new ImageGridOptions { Padding = 0, Scale = 3 });
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
        RasterImage grid = ImageGrid.Tile(new byte[64 * 784], 64, 1, 28, 28);
        Assert.Equal((8 * 30) + 2, grid.Width);
        Assert.Equal((8 * 30) + 2, grid.Height);
        Assert.Equal(64 * 784, grid.Pixels.Count(value => value == 0));
        Assert.Equal(2, ImageGrid.ReadableScale(28, 28));
        Assert.Equal(1, ImageGrid.ReadableScale(64, 200));
        Assert.Equal(7, ImageGrid.ReadableScale(8, 8));
    }

    [Fact]
    public void More_columns_than_images_leave_no_empty_column()
    {
        RasterImage grid = ImageGrid.Tile([1, 2, 3], 3, 1, 1, 1, new ImageGridOptions { Columns = 10, Padding = 0 });
        Assert.Equal([1, 2, 3], grid.Pixels);
    }

    [Fact]
    public void Samples_from_0_to_1_are_rounded_and_clamped()
    {
        float[] values = [0, 1, 0.5f, 0.4999f / 255, 0.5001f / 255, 254.51f / 255, -3, 7, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        byte[] expected = [0, 255, 128, 0, 1, 255, 0, 255, 0, 255, 0];
        byte[] bytes = new byte[values.Length];
        ImageGrid.ToBytes(values, bytes);
        Assert.Equal(expected, bytes);
        Assert.Equal(expected, ImageGrid.Tile(values, 1, 1, 1, values.Length, new ImageGridOptions { Padding = 0 }).Pixels);
        for (int value = 0; value <= 255; value++)
        {
            ImageGrid.ToBytes([value / 255f], bytes.AsSpan(0, 1));
            Assert.Equal(value, bytes[0]);
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageGrid.Tile(new byte[5], 1, 1, 2, 2));
        Assert.Throws<ArgumentException>(() => ImageGrid.Tile(new byte[8], 1, 2, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Tile(ReadOnlySpan<byte>.Empty, 0, 1, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Tile(new byte[4], 1, 1, 2, 2, new ImageGridOptions { Columns = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Tile(new byte[4], 1, 1, 2, 2, new ImageGridOptions { Scale = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Tile(new byte[4], 1, 1, 2, 2, new ImageGridOptions { Padding = -1 }));
        Assert.Throws<ArgumentException>(() => ImageGrid.ToBytes(new float[2], new byte[3]));
    }

    [Fact]
    public void A_grid_too_large_for_a_picture_is_the_users_to_mend()
    {
        AssertTooLarge(1, 2, new ImageGridOptions { Scale = int.MaxValue, Padding = int.MaxValue });
        AssertTooLarge(PngWriter.MaximumSide + 1, 1, new ImageGridOptions { Columns = int.MaxValue, Padding = 0 });
        AssertTooLarge(PngWriter.MaximumSide + 1, 1, new ImageGridOptions { Columns = 1, Padding = 0 });
    }

    private static void AssertTooLarge(int count, int side, ImageGridOptions options)
    {
        VaeException exception = Assert.Throws<VaeException>(() => ImageGrid.Size(count, 1, side, side, options));
        Assert.Equal(FailureKind.Usage, exception.Kind);
        Assert.Contains("fewer images", exception.Message, StringComparison.Ordinal);
    }
}
