using System.Security.Cryptography;

namespace Vae.Core.Tests.Data;

public sealed class MnistSourceTests : IDisposable
{
    private static readonly string[] Names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", ".gz", "")]
    [InlineData("mnist", ".gz", "")]
    [InlineData("mnist", "", "")]
    [InlineData("", "", "dots")]
    public void Files_are_found_in_the_named_folder_or_its_sub_folder(string sub, string extension, string spelling)
    {
        WriteFiles(sub, extension, spelling == "dots" ? name => name.Replace("-idx", ".idx", StringComparison.Ordinal) : name => name);
        DataSplits splits = new MnistSource().LoadSplits(2, Context() with { Folder = _folder.Path });
        Assert.Equal((4, 2, 3), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal([4, 5], splits.Validation.Labels!);
        Assert.Equal("mnist/test", splits.Test.Name);
        Assert.Equal(3, new MnistSource().Load(DatasetPart.Test, Context() with { Folder = _folder.Path }).Count);
    }

    [Fact]
    public void The_sub_folder_of_the_set_comes_before_the_folder_itself()
    {
        WriteFiles("", "", name => name);
        WriteFiles("fashion-mnist", "", name => name, images: 5);
        Assert.Equal(5, new FashionMnistSource().Load(DatasetPart.Train, Context() with { Folder = _folder.Path }).Count);
        Assert.Equal(6, new MnistSource().Load(DatasetPart.Train, Context() with { Folder = _folder.Path }).Count);
    }

    [Fact]
    public void The_environment_then_the_cache_folder_are_searched()
    {
        WriteFiles("cache/vae/mnist", "", name => name);
        Assert.Equal(6, new MnistSource().Load(DatasetPart.Train, Context()).Count);
        WriteFiles("data", "", name => name, images: 4);
        DataRequest both = Context(("VAE_DATA", _folder["data"]));
        Assert.Equal(4, new MnistSource().Load(DatasetPart.Train, both).Count);
        File.Delete(Path.Combine(_folder["data"], "train-labels-idx1-ubyte"));
        Assert.Equal(6, new MnistSource().Load(DatasetPart.Train, both).Count);
    }

    [Fact]
    public void A_named_folder_without_the_files_is_told_with_each_that_is_missing()
    {
        WriteFiles("", ".gz", name => name);
        File.Delete(_folder["train-labels-idx1-ubyte.gz"]);
        File.Delete(_folder["t10k-images-idx3-ubyte.gz"]);
        VaeException exception = Missing(() => new MnistSource().LoadSplits(10_000, Context() with { Folder = _folder.Path }));
        Assert.StartsWith(
            $"{_folder.Path}: train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz missing for mnist",
            exception.Message,
            StringComparison.Ordinal);

        VaeException none = Missing(() => new MnistSource().LoadSplits(10_000, Context() with { Folder = _folder["none"] }));
        Assert.StartsWith($"{_folder["none"]}: there is no such folder", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offline_nothing_is_downloaded_and_the_place_for_each_file_is_told()
    {
        using LoopbackServer server = new LoopbackServer();
        MnistSource source = Published(server, content: [1]);
        VaeException exception = Missing(() => source.LoadSplits(10_000, Context() with { Offline = true }));
        Assert.Contains(Path.Combine(_folder["cache"], "vae", "mnist"), exception.Message, StringComparison.Ordinal);
        Assert.All(Names, name => Assert.Contains(name, exception.Message, StringComparison.Ordinal));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void What_is_missing_is_downloaded_once_into_the_cache_folder()
    {
        using LoopbackServer server = new LoopbackServer();
        byte[] images = Bytes.Gzip(Bytes.Idx([2, 28, 28], new byte[2 * 784]));
        byte[] labels = Bytes.Gzip(Bytes.Idx([2], [1, 2]));
        MnistSource source = Published(server, images, labels);
        Assert.Equal(2, source.LoadSplits(0, Context()).Train.Count);
        Assert.Equal(2, source.LoadSplits(0, Context() with { Offline = true }).Test.Count);
        Assert.Equal(Names.Select(name => $"/{name}.gz"), server.Requests);
        Assert.Equal(4, _folder.FileNames().Length);
    }

    [Fact]
    public void Damaged_files_and_images_of_another_size_are_refused_with_their_path()
    {
        WriteFiles("", "", name => name);
        string path = _folder.Write("train-images-idx3-ubyte", Bytes.Idx([6, 2, 2], new byte[24]));
        VaeException exception = Assert.Throws<VaeException>(
            () => new MnistSource().LoadSplits(0, Context() with { Folder = _folder.Path }));
        Assert.Equal(
            (FailureKind.BadData, $"{path}: images of 1x2x2 where 1x28x28 is expected for mnist"), (exception.Kind, exception.Message));
    }

    [SharedDataFact]
    public void Published_MNIST_has_its_counts_labels_and_pixels() =>
        AssertPublished(new MnistSource(), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9], 0.13066f);

    [SharedDataFact]
    public void Published_Fashion_MNIST_has_its_counts_labels_and_pixels() =>
        AssertPublished(new FashionMnistSource(), [9, 0, 0, 3, 0, 2, 7, 2, 5, 5], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7], 0.28604f);

    private static void AssertPublished(MnistSource source, int[] trainLabels, int[] testLabels, float mean)
    {
        DataSplits splits = source.LoadSplits(10_000, new DataRequest { Folder = SharedData.Folder });
        Assert.Equal((50_000, 10_000, 10_000), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal(trainLabels, splits.Train.Labels!.Take(10));
        Assert.Equal(testLabels, splits.Test.Labels!.Take(10));
        Assert.Equal(50_000, splits.Validation.PublishedIndex(0));
        double all = (5 * splits.Train.MeanPixel().Average(value => (double)value))
            + splits.Validation.MeanPixel().Average(value => (double)value);
        Assert.Equal(mean, all / 6, 5e-6);
    }

    private static VaeException Missing(Action load)
    {
        VaeException exception = Assert.Throws<VaeException>(load);
        Assert.Equal(FailureKind.MissingInput, exception.Kind);
        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }

    private void WriteFiles(string sub, string extension, Func<string, string> rename, int images = 6)
    {
        Write(0, Bytes.Idx([images, 28, 28], new byte[images * 784]));
        Write(1, Bytes.Idx([images], [.. Enumerable.Range(0, images).Select(i => (byte)i)]));
        Write(2, Bytes.Idx([3, 28, 28], new byte[3 * 784]));
        Write(3, Bytes.Idx([3], [0, 1, 2]));

        void Write(int index, byte[] content) => _folder.Write(
            Path.Combine([.. sub.Split('/'), rename(Names[index]) + extension]),
            extension == ".gz" ? Bytes.Gzip(content) : content);
    }

    private static MnistSource Published(LoopbackServer server, byte[] content, byte[]? labels = null)
    {
        SourceFile[] files = [.. Names.Select((name, i) => File(name, i % 2 == 0 ? content : labels ?? content))];
        return new MnistSource { Published = files, Downloader = new Downloader(new HttpClient(), TimeSpan.FromSeconds(10)) };

        SourceFile File(string name, byte[] file) => new(
            $"{name}.gz", [name], file.Length, Convert.ToHexStringLower(SHA256.HashData(file)), [server.Answer($"{name}.gz", file)]);
    }

    /// <summary>A context that sees nothing of the machine's environment but the given variables.</summary>
    private DataRequest Context(params (string Name, string Value)[] variables)
    {
        (string Name, string Value)[] all = [("XDG_CACHE_HOME", _folder["cache"]), ("LOCALAPPDATA", _folder["cache"]), .. variables];
        return new DataRequest { Environment = name => all.FirstOrDefault(variable => variable.Name == name).Value };
    }
}
