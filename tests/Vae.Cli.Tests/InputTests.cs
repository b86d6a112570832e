namespace Vae.Cli.Tests;

/// <summary>`--input` with files that will not do: each is refused by name, and nothing is written.</summary>
public sealed class InputTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_not_there_ends_with_66() => AssertRefused(66, "there is no such file", _folder.At("none.png"));

    [Fact]
    public void A_folder_without_pictures_ends_with_66()
    {
        Directory.CreateDirectory(_folder.At("empty"));
        File.WriteAllText(_folder.At("empty", "notes.txt"), "no picture");
        File.WriteAllText(_folder.At("empty", "._hidden.png"), "what some systems leave beside files");
        AssertRefused(66, "no .png file", _folder.At("empty"));
    }

    [Fact]
    public void A_text_ends_with_65() => AssertRefused(65, "no image file", _folder.Write("notes.txt", "0 1 0 1"));

    [Fact]
    public void An_empty_file_ends_with_65() => AssertRefused(65, "no image file", _folder.Write("images.npy", ""));

    [Fact]
    public void A_picture_of_another_size_ends_with_65()
    {
        File.WriteAllBytes(_folder.At("wide.png"), PngWriter.Encode(new RasterImage(30, 28, 1, new byte[30 * 28])));
        AssertRefused(65, "30 pixels wide", _folder.At("wide.png"));
    }

    [Fact]
    public void A_picture_in_colour_is_refused_and_one_that_only_could_be_is_not()
    {
        byte[] red = new byte[28 * 28 * 3];
        red[300] = 200;
        File.WriteAllBytes(_folder.At("red.png"), PngWriter.Encode(new RasterImage(28, 28, 3, red)));
        AssertRefused(65, "in colour", _folder.At("red.png"));
        string grey = run.File("encode", _folder.At("grey.npz"), "--input", TestImages.WritePng(_folder.At("grey.png"), 5));
        string asColour = run.File(
            "encode", _folder.At("colour.npz"), "--input", TestImages.WritePng(_folder.At("colour.png"), 5, channels: 3));
        Assert.Equal(File.ReadAllBytes(grey), File.ReadAllBytes(asColour));
    }

    [Fact]
    public void One_wrong_picture_in_a_folder_is_named_itself()
    {
        string folder = TestImages.Write(_folder, "pngs");
        File.WriteAllText(Path.Combine(folder, "063.PNG"), "no picture");
        AssertRefused(65, "063.PNG", folder);
    }

    [Theory]
    [InlineData("images.idx", "bytes long")]
    [InlineData("images.idx.gz", "get the file again")]
    [InlineData("images.npy", "the file ends")]
    [InlineData("images.npz", "")]
    public void A_file_that_is_cut_short_ends_with_65(string kind, string problem)
    {
        string path = TestImages.Write(_folder, kind);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        AssertRefused(65, problem, path);
    }

    [Theory]
    [InlineData("images.idx", "bytes long")]
    [InlineData("images.idx.gz", "follow the end")]
    [InlineData("images.npy", "more bytes follow")]
    public void A_file_with_more_after_its_end_ends_with_65(string kind, string problem)
    {
        string path = TestImages.Write(_folder, kind);
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), 7]);
        AssertRefused(65, problem, path);
    }

    [Fact]
    public void A_damaged_array_in_an_archive_ends_with_65()
    {
        string path = TestImages.Write(_folder, "images.npz");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(65, "damaged", path);
    }

    [Fact]
    public void Arrays_that_are_no_images_end_with_65()
    {
        AssertRefused(65, "Float32 where uint8", Npy("floats.npy", file => NpyWriter.Write<float>(file, new float[784], 1, 28, 28)));
        AssertRefused(65, "1 dimensions", Npy("flat.npy", file => NpyWriter.Write<byte>(file, new byte[784], 784)));
        AssertRefused(65, "0 images", Npy("none.npy", file => NpyWriter.Write<byte>(file, [], 0, 28, 28)));
        AssertRefused(65, "images of 1x20x20", Npy("small.npy", file => NpyWriter.Write<byte>(file, new byte[800], 2, 20, 20)));
        AssertRefused(65, "images of 28x28x3", Npy("last.npy", file => NpyWriter.Write<byte>(file, new byte[28 * 28 * 3], 1, 28, 28, 3)));
    }

    [Fact]
    public void An_archive_without_images_ends_with_65_and_tells_what_it_holds() =>
        AssertRefused(65, "no array named images; it holds mean", run.File("encode", _folder.At("latents.npz")));

    private string Npy(string name, Action<Stream> write)
    {
        using FileStream file = File.Create(_folder.At(name));
        write(file);
        return file.Name;
    }

    private void AssertRefused(int code, string problem, string input)
    {
        string output = _folder.At("refused.npz");
        Invocation refused = run.Invoke("encode", "--input", input, "--out", output);
        Assert.Equal((code, ""), (refused.Code, refused.Out));
        string line = Assert.Single(refused.ErrorLines);
        Assert.StartsWith($"vae encode: {input}", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
