using Vae.Core.Data;

namespace Vae.Core.Configuration;

/// <summary>Where the images come from.</summary>
public enum DataSourceKind
{
    /// <summary>Handwritten digits, 28×28 grey, 60,000 + 10,000.</summary>
    Mnist,

    /// <summary>Articles of clothing, 28×28 grey, 60,000 + 10,000.</summary>
    FashionMnist,

    /// <summary>MNIST binarized once (Larochelle and Murray 2011); the training part is the 50,000 + 10,000 of two files.</summary>
    BinarizedMnist,

    /// <summary>Digits drawn by this program from a seed, 28×28 grey, 60,000 + 10,000; needs no file.</summary>
    Digits,
}

/// <summary>The images of a run.</summary>
public sealed record DataConfiguration
{
    /// <summary>As 28×28 bytes they still fit into one array.</summary>
    private const int MostImages = 2_000_000;

    /// <summary>Where the images come from.</summary>
    public required DataSourceKind Source { get; init; }

    /// <summary>How grey pixels become binary targets.</summary>
    public Binarization Binarization { get; init; } = Binarization.Dynamic;

    /// <summary>Images held back from the end of the training part for validation; 0 for none.</summary>
    public int Validation { get; init; } = 10_000;

    /// <summary>Only the first so many images of the training part are used, before the validation split; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Only the first so many images of the test part are used; null for all.</summary>
    public int? TestImages { get; init; }

    internal static DataConfiguration Map(ConfigurationVisitor visitor, DataConfiguration value) => value with
    {
        Source = visitor.Choice("source", value.Source, "where the images come from", required: true),
        Binarization = visitor.Choice("binarization", value.Binarization, "how grey pixels become binary targets"),
        Validation = visitor.Integer(
            "validation", value.Validation, 0, MostImages, "images held back from the end of the training part; 0 for none"),
        TrainImages = visitor.OptionalInteger(
            "train_images", value.TrainImages, 1, MostImages, "use only the first so many images of the training part, with validation"),
        TestImages = visitor.OptionalInteger(
            "test_images", value.TestImages, 1, MostImages, "use only the first so many images of the test part"),
    };
}
