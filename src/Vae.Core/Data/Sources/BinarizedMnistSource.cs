using Vae.Core.Data.Formats;

namespace Vae.Core.Data.Sources;

/// <summary>
/// MNIST binarized once and for all (Larochelle and Murray 2011), <c>binarized_mnist</c>: 50,000 + 10,000 + 10,000 images in three AMAT
/// files,
/// without labels. The validation part is published with it.
/// </summary>
public sealed class BinarizedMnistSource : IImageSource
{
    private static readonly string[] Mirrors =
    [
        "https://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/",
        "http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/",
    ];

    private static readonly SourceFile Train = File("train", 78_400_000, "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d");
    private static readonly SourceFile Valid = File("valid", 15_680_000, "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2");
    private static readonly SourceFile Test = File("test", 15_680_000, "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c");

    /// <inheritdoc/>
    public string Name => "binarized_mnist";

    /// <inheritdoc/>
    public ImageShape Shape => new(1, 28, 28);

    /// <inheritdoc/>
    public int StandardValidation => 10_000;

    /// <inheritdoc/>
    public ImageSet Load(DatasetPart part, DataLoadContext context)
    {
        SourceFile file = part == DatasetPart.Train ? Train : Test;
        string path = new SourceFolders(Name, context, Downloader.Shared).Locate([file])[0];
        return Read(part == DatasetPart.Train ? "train" : "test", path);
    }

    /// <inheritdoc/>
    public DataSplits LoadSplits(int? validation, DataLoadContext context)
    {
        string[] paths = new SourceFolders(Name, context, Downloader.Shared).Locate([Train, Valid, Test]);
        ImageSet published = Read("valid", paths[1]);
        if (validation is int wanted && wanted != published.Count)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"data.validation: {wanted}, but {Name} comes with a validation part of its own; leave the key out or give {published.Count}");
        }

        return new DataSplits(Read("train", paths[0]), published, Read("test", paths[2]));
    }

    private ImageSet Read(string part, string path) => AmatReader.Read($"{Name}/{part}", path, Shape);

    private static SourceFile File(string part, long length, string sha256)
    {
        string name = $"binarized_mnist_{part}.amat";
        return new SourceFile(name, [$"{name}.gz"], length, sha256, [.. Mirrors.Select(mirror => new Uri(mirror + name))]);
    }
}
