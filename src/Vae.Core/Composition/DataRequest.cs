using Vae.Core.Data.Sources;

namespace Vae.Core.Composition;

/// <summary>Where and how a command finds the files of a data source.</summary>
public sealed record DataRequest
{
    /// <summary>A folder with the files; null looks in VAE_DATA, then the user's cache, then downloads.</summary>
    public string? Folder { get; init; }

    /// <summary>Never download.</summary>
    public bool Offline { get; init; }

    /// <summary>Told while a file is downloaded.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }
}
