namespace Vae.Core.Data.Sources;

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
