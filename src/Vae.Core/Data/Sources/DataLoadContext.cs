namespace Vae.Core.Data.Sources;

/// <summary>Where data may be looked for and what is allowed to get it.</summary>
public sealed record DataLoadContext
{
    /// <summary>The folder the user named; where it is given, nothing is looked for elsewhere and nothing is downloaded.</summary>
    public string? Folder { get; init; }

    /// <summary>Never download.</summary>
    public bool Offline { get; init; }

    /// <summary>Told about downloads.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>Stops a download.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

/// <summary>How far the download of one file has come.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes received so far.</param>
/// <param name="Total">Bytes expected, or null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);
