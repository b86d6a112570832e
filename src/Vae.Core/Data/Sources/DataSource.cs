namespace Vae.Core.Data.Sources;

/// <summary>The part of a data set as its publisher divides it.</summary>
internal enum DatasetPart
{
    Train,
    Test,
}

/// <summary>A data set that is known by its name.</summary>
internal abstract record DataSource
{
    public static readonly Kind<DataSource>[] Kinds =
    [
        Kind.Of<DataSource, MnistSource>("mnist"),
        Kind.Of<DataSource, FashionMnistSource>("fashion_mnist"),
        Kind.Of<DataSource, BinarizedMnistSource>("binarized_mnist"),
        Kind.Of<DataSource, DigitsSource>("digits"),
    ];

    /// <summary>The name in configurations.</summary>
    public string Name => Kind.Find(Kinds, this).Name;

    /// <summary>Whether pixels are black or white as they are published.</summary>
    public virtual bool IsBinary => false;

    /// <summary>Loads the first images of a published part; all where nothing is said.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/> where files are missing and cannot be had, <see cref="FailureKind.BadData"/> where they are
    /// wrong.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public abstract ImageSet Load(DatasetPart part, DataRequest request, int? first = null);

    /// <summary>Loads everything, divided for use.</summary>
    /// <param name="validation">Images to set aside for validation, from the end of the training part.</param>
    /// <param name="request">Where to look and what is allowed.</param>
    /// <param name="train">Only the first so many images of the training part are used; null for all.</param>
    /// <param name="test">Likewise of the test part.</param>
    /// <exception cref="VaeException">As <see cref="Load"/>; BadData where too few images would be left to train on.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public virtual DataSplits LoadSplits(int validation, DataRequest request, int? train = null, int? test = null) =>
        DataSplits.Divide(Load(DatasetPart.Train, request, train), Load(DatasetPart.Test, request, test), validation);

    private protected string NameOf(DatasetPart part) => part == DatasetPart.Train ? $"{Name}/train" : $"{Name}/test";
}
