namespace Vae.Core.Data.Sources;

/// <summary>Handwritten digits (LeCun, Cortes and Burges): 60,000 + 10,000 labelled grey images of 28×28 in four IDX files.</summary>
internal record MnistSource : DataSource
{
    private const int Classes = 10;

    private static readonly SourceFile[] Files = FilesAt(
        ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
        (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    /// <summary>Images and labels of the training part, then of the test part.</summary>
    public SourceFile[] Published { get; init; } = Files;

    public Downloader Downloader { get; init; } = Downloader.Shared;

    public override ImageSet Load(DatasetPart part, DataRequest request, int? first = null)
    {
        string[] paths = Locate(part == DatasetPart.Train ? Published[..2] : Published[2..], request);
        ImageSet images = IdxReader.ReadImages(NameOf(part), paths[0], paths[1], Classes);
        return images.Shape == new ImageShape(1, 28, 28)
            ? images.First(first)
            : throw InputFile.Bad(paths[0], $"images of {images.Shape} where 1x28x28 is expected for {Name}");
    }

    public override DataSplits LoadSplits(int validation, DataRequest request, int? train = null, int? test = null)
    {
        Locate(Published, request); // all at once, so that one message names all that are missing
        return base.LoadSplits(validation, request, train, test);
    }

    private protected static SourceFile[] FilesAt(string[] mirrors, params (long Length, string Sha256)[] published)
    {
        string[] contents = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
        return [.. contents.Zip(published, (content, file) =>
        {
            string name = $"{content}-ubyte", dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
            return new SourceFile(
                $"{name}.gz",
                [name, $"{dotted}.gz", dotted],
                file.Length,
                file.Sha256,
                [.. mirrors.Select(mirror => new Uri($"{mirror}{name}.gz"))]);
        })];
    }

    private string[] Locate(SourceFile[] files, DataRequest request) => new SourceFolders(Name, request, Downloader).Locate(files);
}

/// <summary>Articles of clothing (Xiao, Rasul and Vollgraf 2017), in the form of MNIST.</summary>
internal sealed record FashionMnistSource : MnistSource
{
    private static readonly SourceFile[] Files = FilesAt(
        [
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    public FashionMnistSource() => Published = Files;
}
