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

/// <summary>Where the files of a data set may be looked for and what is allowed to get them.</summary>
public sealed record DataRequest
{
    /// <summary>
    /// A folder with the files; where it is given, nothing is looked for elsewhere and nothing is downloaded. Null looks in VAE_DATA, then
    /// in the user's cache, then downloads.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Never download.</summary>
    public bool Offline { get; init; }

    /// <summary>Told while a file is downloaded.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Stops a download, or the drawing of images.</summary>
    internal CancellationToken Stop { get; init; }

    /// <summary>Reads an environment variable.</summary>
    internal Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

/// <summary>How far the download of one file has come.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes received so far.</param>
/// <param name="Total">Bytes expected, or null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);
