using System.Globalization;

namespace Vae.Cli.Tests;

/// <summary>`vae encode`, the whole program, on a run of a few steps.</summary>
public sealed class EncodeTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private const int Latent = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_arrays_are_those_of_the_contract()
    {
        string file = run.File("encode", _folder.At("latents.npz"));
        Assert.Equal(["mean", "log_variance", "label"], Arrays.Names(file));
        Assert.All(Arrays.Floats(file, "mean", TestImages.Count, Latent), mean => Assert.InRange(mean, -10, 10));
        Assert.All(Arrays.Floats(file, "log_variance", TestImages.Count, Latent), value => Assert.InRange(value, -20, 5));
        Assert.Equal(TestImages.All.Labels!.Select(label => (long)label), Arrays.Integers(file, "label", TestImages.Count));
    }

    [Theory]
    [InlineData("train", 512)]
    [InlineData("validation", 128)]
    public void Each_split_has_its_images(string split, int count) =>
        Arrays.Floats(run.File("encode", _folder.At("latents.npz"), "--split", split), "mean", count, Latent);

    [Fact]
    public void The_table_has_the_same_numbers_as_the_arrays()
    {
        string arrays = run.File("encode", _folder.At("latents.npz"));
        string[][] rows = [.. File.ReadLines(run.File("encode", _folder.At("latents.csv"))).Select(line => line.Split(','))];
        Assert.Equal(
            "label,mean_0,mean_1,mean_2,mean_3,log_variance_0,log_variance_1,log_variance_2,log_variance_3", string.Join(',', rows[0]));
        Assert.Equal(
            Arrays.Integers(arrays, "label", TestImages.Count), rows[1..].Select(row => long.Parse(row[0], CultureInfo.InvariantCulture)));
        Assert.Equal(Arrays.Floats(arrays, "mean", TestImages.Count, Latent), rows[1..].SelectMany(row => Numbers(row[1..5])));
        Assert.Equal(Arrays.Floats(arrays, "log_variance", TestImages.Count, Latent), rows[1..].SelectMany(row => Numbers(row[5..])));
    }

    [Theory]
    [InlineData("pngs")]
    [InlineData("images.idx")]
    [InlineData("images.idx.gz")]
    [InlineData("images.npy")]
    [InlineData("channels.npy")]
    [InlineData("images.npz")]
    public void The_images_of_a_split_give_the_same_latents_from_files_but_have_no_labels(string kind)
    {
        string input = TestImages.Write(_folder, kind);
        string ofFiles = run.File("encode", _folder.At("files.npz"), "--input", input);
        string ofSplit = run.File("encode", _folder.At("split.npz"));
        Assert.Equal(["mean", "log_variance"], Arrays.Names(ofFiles));
        Assert.Equal(Arrays.Floats(ofSplit, "mean", TestImages.Count, Latent), Arrays.Floats(ofFiles, "mean", TestImages.Count, Latent));
        Assert.Equal(
            Arrays.Floats(ofSplit, "log_variance", TestImages.Count, Latent),
            Arrays.Floats(ofFiles, "log_variance", TestImages.Count, Latent));
        Assert.StartsWith(
            "mean_0,", File.ReadLines(run.File("encode", _folder.At("files.csv"), "--input", input)).First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pngs")]
    [InlineData("images.idx.gz")]
    [InlineData("images.npz")]
    public void Neither_the_size_of_batches_nor_of_chunks_changes_a_latent(string kind)
    {
        EncodeRequest request = new() { RunFolder = run.Path, Device = "cpu", Input = TestImages.Write(_folder, kind) };
        float[] atOnce = Means(request);
        Arrays.AssertClose(atOnce, Means(request with { BatchSize = 50 }));
        Arrays.AssertClose(atOnce, Means(request with { BatchSize = 1 }));
    }

    [Fact]
    public void A_single_picture_and_a_single_plane_are_one_image_each()
    {
        string picture = run.File("encode", _folder.At("one.npz"), "--input", TestImages.WritePng(_folder.At("one.png"), 0));
        using (FileStream file = File.Create(_folder.At("one.npy")))
        {
            NpyWriter.Write<byte>(file, TestImages.All.Image(0), TestImages.Side, TestImages.Side);
        }

        string plane = run.File("encode", _folder.At("plane.npz"), "--input", _folder.At("one.npy"));
        Assert.Equal(Arrays.Floats(picture, "mean", 1, Latent), Arrays.Floats(plane, "mean", 1, Latent));
    }

    [Fact]
    public void A_moved_checkpoint_is_all_that_is_needed()
    {
        string moved = _folder.At("elsewhere", "model.bin");
        Directory.CreateDirectory(_folder.At("elsewhere"));
        File.Copy(run.Checkpoint("last"), moved);
        string file = _folder.At("moved.npz");
        Invocation encoded = InProcess.Run("encode", "--checkpoint", moved, "--device", "cpu", "--out", file);
        Assert.Equal(new Invocation(0, $"{file}\n", ""), encoded);
        string ofRun = run.File("encode", _folder.At("run.npz"), "--checkpoint", "last");
        Assert.Equal(File.ReadAllBytes(ofRun), File.ReadAllBytes(file));
    }

    [Fact]
    public void Best_and_last_are_told_apart()
    {
        Directory.CreateDirectory(_folder.At("run", "checkpoints"));
        File.Copy(run.Checkpoint("last"), _folder.At("run", "checkpoints", "last.safetensors"));
        string last = run.File("encode", _folder.At("last.npz"), "--checkpoint", "last");
        string told = $"{_folder.At("run", "checkpoints", "last.safetensors")} is taken: this run has no best checkpoint yet\n";
        Assert.Equal(
            new Invocation(0, $"{_folder.At("only.npz")}\n", told),
            InProcess.Run("encode", "--run", _folder.At("run"), "--out", _folder.At("only.npz")));
        Assert.Equal(File.ReadAllBytes(last), File.ReadAllBytes(_folder.At("only.npz"))); // there is no best yet
        File.WriteAllText(_folder.At("run", "checkpoints", "best.safetensors"), "no checkpoint");
        Assert.Equal(65, InProcess.Run("encode", "--run", _folder.At("run"), "--out", _folder.At("best.npz")).Code);
        Assert.Equal(0, InProcess.Run("encode", "--run", _folder.At("run"), "--out", _folder.At("last.npz"), "--checkpoint", "last").Code);
    }

    [Fact]
    public void Work_that_is_stopped_leaves_no_file()
    {
        using CancellationTokenSource stop = new CancellationTokenSource();
        stop.Cancel();
        EncodeRequest request = new() { RunFolder = run.Path, Device = "cpu" };
        Assert.ThrowsAny<OperationCanceledException>(
            () => ArrayOutput.Write(_folder.At("latents.npz"), null, output => Encode.Run(request, output, stop.Token)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static IEnumerable<float> Numbers(string[] texts) => texts.Select(text => float.Parse(text, CultureInfo.InvariantCulture));

    private static float[] Means(EncodeRequest request)
    {
        CollectedRows rows = new();
        Encode.Run(request, rows, CancellationToken.None);
        Assert.Equal(["mean", "log_variance"], rows.Layout!.Arrays.Select(array => array.Name));
        Assert.All(rows.Layout.Arrays, array => Assert.Equal([Latent], array.RowShape));
        return rows["mean"];
    }
}
