namespace Vae.Cli.Tests;

/// <summary>`vae reconstruct`, the whole program, on a run of a few steps.</summary>
public sealed class ReconstructTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_arrays_are_originals_and_reconstructions()
    {
        string file = run.File("reconstruct", _folder.At("pairs.npz"), "-n", "5", "--start", "3");
        Assert.Equal(["originals", "reconstructions"], Arrays.Names(file));
        float[] originals = Arrays.Floats(file, "originals", 5, 1, 28, 28);
        Assert.All(originals, pixel => Assert.True(pixel is 0 or 1, $"{pixel}")); // dynamic binarization, drawn once
        Assert.All(Arrays.Floats(file, "reconstructions", 5, 1, 28, 28), pixel => Assert.InRange(pixel, 0, 1));

        // Black stays black and white stays white when pixels are drawn; so each original shows which image it is.
        byte[] image = TestImages.All.Image(3).ToArray();
        Assert.All(Enumerable.Range(0, 784).Where(p => image[p] is 0 or 255), p => Assert.Equal(image[p] / 255, originals[p]));
    }

    [Fact]
    public void The_same_command_gives_the_same_file_and_another_start_another_one()
    {
        byte[] first = File.ReadAllBytes(run.File("reconstruct", _folder.At("one.png")));
        Assert.Equal(first, File.ReadAllBytes(run.File("reconstruct", _folder.At("two.png"), "--start", "0", "-n", "8")));
        Assert.NotEqual(first, File.ReadAllBytes(run.File("reconstruct", _folder.At("three.png"), "--start", "1")));
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(8, 8, 2)]
    [InlineData(16, 16, 2)]
    [InlineData(17, 9, 4)]
    [InlineData(33, 11, 6)]
    public void A_picture_has_rows_of_even_length(int count, int columns, int rows)
    {
        RasterImage picture = PictureReader.Read(run.File("reconstruct", _folder.At("pairs.png"), "-n", $"{count}"));
        Assert.Equal((Extent(columns), Extent(rows)), (picture.Width, picture.Height));
    }

    [Fact]
    public void Columns_shape_the_picture_and_a_last_short_row_is_filled_with_white()
    {
        RasterImage picture = PictureReader.Read(run.File("reconstruct", _folder.At("pairs.png"), "-n", "5", "--columns", "3"));
        Assert.Equal((Extent(3), Extent(4)), (picture.Width, picture.Height));
        Assert.Equal(255, picture.Pixels[((picture.Height - 19) * picture.Width) - 20]);
        Assert.Equal(Extent(2), PictureReader.Read(run.File("reconstruct", _folder.At("two.png"), "-n", "2", "--columns", "100")).Width);
    }

    [Fact]
    public void Without_a_count_fewer_images_than_usual_will_do()
    {
        string one = TestImages.WritePng(_folder.At("one.png"), 0);
        Arrays.Floats(run.File("reconstruct", _folder.At("pairs.npz"), "--input", one), "originals", 1, 1, 28, 28);
        Arrays.Floats(run.File("reconstruct", _folder.At("pairs.npz"), "--start", "126"), "originals", 2, 1, 28, 28);
    }

    [Theory]
    [InlineData("127", "2")]
    [InlineData("128", "1")]
    [InlineData("2147483647", "1000")]
    public void With_a_count_every_image_must_be_there(string start, string count)
    {
        Invocation refused = run.Invoke("reconstruct", "--start", start, "-n", count, "--out", _folder.At("pairs.png"));
        Assert.Equal((64, ""), (refused.Code, refused.Out));
        Assert.Contains("the last of the 128 is 127", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    // Cells of 28 pixels drawn twice as large, and padding of 2 around and between them.
    private static int Extent(int cells) => (cells * 58) + 2;
}
