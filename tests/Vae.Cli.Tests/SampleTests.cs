using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Vae.Cli.Tests;

/// <summary>`vae sample`, the whole program, on a run of a few steps.</summary>
public sealed class SampleTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Standard_output_is_the_file_which_is_a_png()
    {
        Invocation sampled = Sample("grid.png", "-n", "9");
        Assert.Equal(new Invocation(0, $"{_folder.At("grid.png")}\n", ""), sampled);
        Assert.Equal([0x89, .. "PNG\r\n\x1a\n"u8], File.ReadAllBytes(_folder.At("grid.png"))[..8]);
    }

    [Fact]
    public void The_same_seed_draws_the_same_images_and_another_seed_others()
    {
        Assert.Equal(Picture("--seed", "3"), Picture("--seed", "3"));
        Assert.NotEqual(Picture("--seed", "3"), Picture("--seed", "4"));
        Assert.Equal(Picture(), Picture("--seed", "1"));
    }

    [Fact]
    public void Temperature_checkpoint_and_drawn_pixels_change_the_picture_and_the_defaults_by_name_do_not()
    {
        byte[] standard = Picture();
        Assert.Equal(standard, Picture("--temperature", "1", "--mean", "--checkpoint", "best"));
        Assert.NotEqual(standard, Picture("--temperature", "0.5"));
        Assert.NotEqual(standard, Picture("--draw"));
        Assert.Equal(
            Picture("--checkpoint", "last"), PictureOf(null, "--checkpoint", Path.Combine(run.Path, "checkpoints", "last.safetensors")));
    }

    [Fact]
    public void Columns_shape_the_picture()
    {
        (int width, int height) = Size(Picture("--columns", "4"));
        Assert.True(width > height, $"{width} x {height}");
        Assert.Equal((height, width), Size(Picture("--columns", "1")));
    }

    [Fact]
    public void An_array_has_each_image_with_values_of_0_to_1()
    {
        Assert.Equal(new Invocation(0, $"{_folder.At("samples.npz")}\n", ""), Sample("samples.npz", "-n", "5"));
        using ZipArchive archive = ZipFile.OpenRead(_folder.At("samples.npz"));
        using Stream entry = Assert.Single(archive.Entries, file => file.FullName == "images.npy").Open();
        using MemoryStream copy = new MemoryStream();
        entry.CopyTo(copy);
        byte[] npy = copy.ToArray();
        int values = 5 * 28 * 28;
        Assert.Contains("'<f4'", Encoding.ASCII.GetString(npy[..^(values * sizeof(float))]), StringComparison.Ordinal);
        Assert.Contains("(5, 1, 28, 28)", Encoding.ASCII.GetString(npy[..^(values * sizeof(float))]), StringComparison.Ordinal);
        float[] pixels = MemoryMarshal.Cast<byte, float>(npy.AsSpan(^(values * sizeof(float))..)).ToArray();
        Assert.All(pixels, pixel => Assert.InRange(pixel, 0, 1));
        Assert.NotEqual(pixels[..784], pixels[784..1568]);
    }

    [Fact]
    public void A_run_that_is_not_there_ends_with_66()
    {
        Invocation failed = InProcess.Run("sample", "--run", _folder.At("none"), "--out", _folder.At("grid.png"));
        Assert.Equal(66, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains(_folder.At("none"), Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("grid.png")));
    }

    [Fact]
    public void A_checkpoint_that_is_none_ends_with_65()
    {
        string file = _folder.Write("broken.safetensors", "no checkpoint");
        Invocation failed = InProcess.Run("sample", "--checkpoint", file, "--out", _folder.At("grid.png"));
        Assert.Equal(65, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains(file, Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("grid.png")));
    }

    [Fact]
    public void At_temperature_0_all_images_are_the_one_at_the_priors_centre()
    {
        float[] images = Images("-n", "3", "--temperature", "0");
        Assert.Equal(images[..784], images[784..1568]);
        Assert.Equal(images[..784], images[1568..]);
        Assert.Equal(images, Images("-n", "3", "--temperature", "0", "--seed", "9"));
        Assert.NotEqual(images, Images("-n", "3"));
    }

    [Fact]
    public void An_image_of_a_seed_is_the_same_however_many_are_drawn()
    {
        float[] few = Images("-n", "3", "--seed", "5");
        float[] many = Images("-n", "1003", "--seed", "5");
        Arrays.AssertClose(few, many.AsSpan(0, few.Length));
        Assert.NotEqual(many[..784], many[(500 * 784)..(501 * 784)]); // images are made 500 at a time
    }

    [Fact]
    public void Drawn_pixels_are_black_or_white_and_follow_the_seed()
    {
        float[] drawn = Images("-n", "2", "--draw");
        Assert.All(drawn, pixel => Assert.True(pixel is 0 or 1, $"{pixel}"));
        Assert.Equal(drawn, Images("-n", "2", "--draw", "--seed", "1"));
        Assert.NotEqual(drawn, Images("-n", "2", "--draw", "--seed", "2"));
    }

    private float[] Images(params string[] args) => Arrays.Floats(
        run.File("sample", _folder.At("images.npz"), args),
        "images", int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture), 1, 28, 28);

    private Invocation Sample(string name, params string[] args) =>
        run.Invoke("sample", ["--out", _folder.At(name), .. args]);

    private byte[] Picture(params string[] args) => PictureOf(run.Path, args);

    private byte[] PictureOf(string? run, params string[] args)
    {
        string file = _folder.At("picture.png");
        string[] ofRun = run is null ? [] : ["--run", run];
        Invocation sampled = InProcess.Run(["sample", "-n", "4", "--device", "cpu", "--out", file, .. ofRun, .. args]);
        Assert.Equal(new Invocation(0, $"{file}\n", ""), sampled);
        return File.ReadAllBytes(file);
    }

    // Width and height are the first two numbers of the header chunk.
    private static (int Width, int Height) Size(byte[] png) =>
        (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
}
