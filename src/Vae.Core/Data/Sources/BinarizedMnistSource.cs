namespace Vae.Core.Data.Sources;

/// <summary>
/// MNIST binarized once and for all (Larochelle and Murray 2011): 50,000 + 10,000 + 10,000 images of 28×28 in three AMAT files, without
/// labels. The validation part is published with it.
/// </summary>
internal sealed record BinarizedMnistSource : DataSource
{
    private static readonly string[] Mirrors =
    [
        "https://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/",
        "http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/",
    ];

    private static readonly SourceFile Train =
        File("train", 78_400_000, "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d");
    private static readonly SourceFile Valid =
        File("valid", 15_680_000, "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2");
    private static readonly SourceFile Test = File("test", 15_680_000, "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c");

    public override bool IsBinary => true;

    public override ImageSet Load(DatasetPart part, DataRequest request, int? first = null) =>
        Read(NameOf(part), Locate(request, part == DatasetPart.Train ? Train : Test)[0]).First(first);

    public override DataSplits LoadSplits(int validation, DataRequest request, int? train = null, int? test = null)
    {
        if (train is not null)
        {
            return base.LoadSplits(validation, request, train, test);
        }

        string[] paths = Locate(request, Train, Valid, Test);
        ImageSet published = Read($"{Name}/valid", paths[1]);
        if (validation != published.Count)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"data.validation: {validation}, but {Name} comes with a validation part of its own; "
                + $"leave the key out or give {published.Count}");
        }

        return new DataSplits(Read(NameOf(DatasetPart.Train), paths[0]), published, Read(NameOf(DatasetPart.Test), paths[2]).First(test));
    }

    private string[] Locate(DataRequest request, params SourceFile[] files) =>
        new SourceFolders(Name, request, Downloader.Shared).Locate(files);

    private static ImageSet Read(string name, string path) => AmatReader.Read(name, path, new ImageShape(1, 28, 28));

    private static SourceFile File(string part, long length, string sha256)
    {
        string name = $"binarized_mnist_{part}.amat";
        return new SourceFile(name, [$"{name}.gz"], length, sha256, [.. Mirrors.Select(mirror => new Uri(mirror + name))]);
    }
}
