namespace Vae.Cli.Tests;

/// <summary>`vae interpolate` and `vae traverse`, the whole program, on a run of a few steps.</summary>
public sealed class PathTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private const int Pixels = TestImages.Side * TestImages.Side;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("linear")]
    [InlineData("slerp")]
    public void The_ends_of_each_row_are_the_reconstructions_of_its_images(string mode)
    {
        float[] rows = Interpolate(3 * 5, "--from", "3", "18", "61", "--to", "7", "41", "2", "--steps", "5", "--mode", mode);
        foreach ((int row, int from, int to) in new[] { (0, 3, 7), (1, 18, 41), (2, 61, 2) })
        {
            Arrays.AssertClose(Reconstruction(from), Image(rows, row * 5));
            Arrays.AssertClose(Reconstruction(to), Image(rows, (row * 5) + 4));
        }
    }

    [Fact]
    public void The_two_ways_agree_at_the_ends_and_part_in_between()
    {
        float[] linear = Interpolate(3, "--from", "3", "--to", "7", "--steps", "3");
        float[] arc = Interpolate(3, "--from", "3", "--to", "7", "--steps", "3", "--mode", "slerp");
        Assert.NotEqual(Image(linear, 1), Image(arc, 1));
        Assert.Equal(linear, Interpolate(3, "--from", "3", "--to", "7", "--steps", "3", "--mode", "linear"));
    }

    [Fact]
    public void A_file_and_a_number_may_stand_side_by_side()
    {
        // Image 0 of the split and the only image of a file are binarized by the same draws.
        string file = TestImages.WritePng(_folder.At("zero.png"), 0);
        Arrays.AssertClose(
            Interpolate(4, "--from", "0", "9", "--to", "7", "0", "--steps", "2"),
            Interpolate(4, "--from", file, "9", "--to", "7", file, "--steps", "2"));
    }

    [Fact]
    public void Files_alone_need_no_data()
    {
        string from = TestImages.WritePng(_folder.At("from.png"), 0);
        string to = TestImages.WritePng(_folder.At("to.png"), 1);
        Interpolate(2, "--from", from, "--to", to, "--steps", "2", "--data", _folder.At("no such folder"));
    }

    [Fact]
    public void Numbers_count_the_images_of_an_input()
    {
        string input = TestImages.Write(_folder, "images.idx.gz");
        Assert.Equal(
            Interpolate(2, "--from", "100", "--to", "7", "--steps", "2"),
            Interpolate(2, "--from", "100", "--to", "7", "--steps", "2", "--input", input));
    }

    [Fact]
    public void Draws_of_the_prior_follow_the_seed()
    {
        float[] rows = Interpolate(6, "--prior", "3", "--steps", "2");
        Assert.Equal(rows, Interpolate(6, "--prior", "3", "--steps", "2", "--seed", "1"));
        Assert.NotEqual(rows, Interpolate(6, "--prior", "3", "--steps", "2", "--seed", "2"));
        Assert.NotEqual(Image(rows, 0), Image(rows, 2));
        Interpolate(2, "--prior", "--steps", "2");
    }

    [Theory]
    [InlineData(64, "--split test: there is no image 128, the last of the 128 is 127", "--from", "3", "--to", "128")]
    [InlineData(
        64, "--split validation: there is no image 500, the last of the 128 is 127", "--from", "500", "--to", "1", "--split", "validation")]
    [InlineData(66, "none.png: there is no such file", "--from", "none.png", "--to", "1")]
    public void An_end_that_is_not_there_is_named(int code, string problem, params string[] args)
    {
        Invocation refused = run.Invoke("interpolate", ["--out", _folder.At("strip.png"), .. args]);
        Assert.Equal((code, ""), (refused.Code, refused.Out));
        Assert.Equal($"vae interpolate: {problem}", Assert.Single(refused.ErrorLines));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_file_of_many_images_is_no_end()
    {
        Invocation refused = run.Invoke(
            "interpolate", "--from", TestImages.Write(_folder, "images.npy"), "--to", "1", "--out", _folder.At("strip.png"));
        Assert.Equal(65, refused.Code);
        Assert.Contains("several images where one is expected", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_traversal_has_a_row_a_dimension_the_most_informative_first()
    {
        string file = _folder.At("traversal.npz");
        Invocation made = run.Invoke("traverse", "--out", file, "--steps", "3");
        Assert.Equal((0, $"{file}\n"), (made.Code, made.Out));
        float[] images = Arrays.Floats(file, "images", 4 * 3, 1, TestImages.Side, TestImages.Side);

        // The middle of each row is the same point, the centre of the prior.
        Assert.All(Enumerable.Range(1, 3), row => Arrays.AssertClose(Image(images, 1), Image(images, (row * 3) + 1)));
        string[][] words = [.. made.ErrorLines.Select(line => line.Split(' '))];
        Assert.Equal(
            ["row 1: dimension", "row 2: dimension", "row 3: dimension", "row 4: dimension"],
            words.Select(line => string.Join(' ', line[..3])));
        Assert.Equal(
            [0, 1, 2, 3], words.Select(line => int.Parse(line[3].TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture)).Order());
        double[] kl = [.. words.Select(line => double.Parse(line[5], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(kl.OrderDescending(), kl);
    }

    [Fact]
    public void Fewer_rows_are_the_first_ones_and_a_range_of_nothing_changes_nothing()
    {
        float[] all = Traverse(4 * 3, "--steps", "3");
        Assert.Equal(all[..(2 * 3 * Pixels)], Traverse(2 * 3, "--steps", "3", "-n", "2"));
        float[] still = Traverse(3, "--steps", "3", "-n", "1", "--range", "0");
        Assert.Equal(Image(still, 0), Image(still, 2));
        Assert.NotEqual(Image(all, 0), Image(all, 2));
    }

    [Fact]
    public void More_rows_than_dimensions_are_refused_with_their_number()
    {
        Invocation refused = run.Invoke("traverse", "-n", "5", "--out", _folder.At("traversal.png"));
        Assert.Equal((64, ""), (refused.Code, refused.Out));
        Assert.Contains("the model has 4", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_picture_that_would_be_too_large_ends_with_64_at_once_and_names_the_array_as_remedy()
    {
        Invocation refused = run.Invoke("interpolate", "--prior", "1000", "--steps", "1000", "--out", _folder.At("strip.png"));
        Assert.Equal((64, ""), (refused.Code, refused.Out));
        Assert.Matches(
            "^vae interpolate: A picture of 58002×58002 pixels is too large, .* or write .npz.$", Assert.Single(refused.ErrorLines));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static float[] Image(float[] images, int index) => images[(index * Pixels)..((index + 1) * Pixels)];

    private float[] Interpolate(int count, params string[] args) => Images("interpolate", count, args);

    private float[] Traverse(int count, params string[] args) => Images("traverse", count, args);

    private float[] Images(string verb, int count, string[] args) => Arrays.Floats(
        run.File(verb, _folder.At("images.npz"), args), "images", count, 1, TestImages.Side, TestImages.Side);

    private float[] Reconstruction(int index) => Arrays.Floats(
        run.File("reconstruct", _folder.At("one.npz"), "-n", "1", "--start", $"{index}"),
        "reconstructions", 1, 1, TestImages.Side, TestImages.Side);
}
