using Vae.Core.Data.Formats;

namespace Vae.Core.Data.Sources;

/// <summary>MNIST, and Fashion-MNIST, which has the same form: 60,000 + 10,000 labelled grey images of 28×28 in four IDX files.</summary>
public sealed class MnistSource : IImageSource
{
    private const int Classes = 10;

    private readonly IReadOnlyList<SourceFile> _train;
    private readonly IReadOnlyList<SourceFile> _test;
    private readonly Downloader _downloader;

    /// <param name="name">The name in configurations.</param>
    /// <param name="train">Images and labels of the training part.</param>
    /// <param name="test">Images and labels of the test part.</param>
    /// <param name="downloader">Gets what is missing.</param>
    internal MnistSource(string name, IReadOnlyList<SourceFile> train, IReadOnlyList<SourceFile> test, Downloader downloader)
    {
        Name = name;
        _train = train;
        _test = test;
        _downloader = downloader;
    }

    /// <summary>Handwritten digits (LeCun, Cortes and Burges), <c>mnist</c>.</summary>
    public static MnistSource Digits { get; } = Create(
        "mnist",
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
        (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    /// <summary>Articles of clothing (Xiao, Rasul and Vollgraf 2017), <c>fashion_mnist</c>.</summary>
    public static MnistSource Fashion { get; } = Create(
        "fashion_mnist",
        [
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ImageShape Shape => new(1, 28, 28);

    /// <inheritdoc/>
    public int StandardValidation => 10_000;

    /// <inheritdoc/>
    public ImageSet Load(DatasetPart part, DataLoadContext context)
    {
        IReadOnlyList<SourceFile> files = part == DatasetPart.Train ? _train : _test;
        return Read(part, new SourceFolders(Name, context, _downloader).Locate(files));
    }

    /// <inheritdoc/>
    public DataSplits LoadSplits(int? validation, DataLoadContext context)
    {
        string[] paths = new SourceFolders(Name, context, _downloader).Locate([.. _train, .. _test]);
        ImageSet train = Read(DatasetPart.Train, paths[.._train.Count]);
        ImageSet test = Read(DatasetPart.Test, paths[_train.Count..]);
        return DataSplitter.Split(train, test, validation ?? StandardValidation);
    }

    private ImageSet Read(DatasetPart part, string[] paths)
    {
        string name = part == DatasetPart.Train ? $"{Name}/train" : $"{Name}/test";
        ImageSet images = IdxReader.ReadImages(name, paths[0], paths[1], Classes);
        return images.Shape == Shape ? images : throw InputFile.Bad(
            paths[0],
            $"images of {images.Shape} where {Shape} is expected for {Name}");
    }

    private static MnistSource Create(
        string name,
        string[] mirrors,
        (long Length, string Sha256) trainImages,
        (long Length, string Sha256) trainLabels,
        (long Length, string Sha256) testImages,
        (long Length, string Sha256) testLabels)
    {
        return new MnistSource(
            name,
            [File("train-images", "idx3-ubyte", trainImages), File("train-labels", "idx1-ubyte", trainLabels)],
            [File("t10k-images", "idx3-ubyte", testImages), File("t10k-labels", "idx1-ubyte", testLabels)],
            Downloader.Shared);

        SourceFile File(string content, string type, (long Length, string Sha256) published) => new(
            $"{content}-{type}.gz",
            [$"{content}-{type}", $"{content}.{type}.gz", $"{content}.{type}"],
            published.Length,
            published.Sha256,
            [.. mirrors.Select(mirror => new Uri($"{mirror}{content}-{type}.gz"))]);
    }
}
