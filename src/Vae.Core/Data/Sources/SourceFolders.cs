namespace Vae.Core.Data.Sources;

/// <summary>One published file of a data set.</summary>
/// <param name="Name">Its name at the publisher's, which a download keeps.</param>
/// <param name="OtherNames">Names under which the same content is found in folders: unpacked, packed, spelled otherwise.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="Mirrors">Where it can be downloaded, in the order of trial.</param>
internal sealed record SourceFile(string Name, IReadOnlyList<string> OtherNames, long Length, string Sha256, IReadOnlyList<Uri> Mirrors)
{
    /// <summary>The path of the file in a folder under any of its names, or null.</summary>
    public string? FindIn(string folder) =>
        OtherNames.Prepend(Name).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>
/// Finds the files of a data set: in the folder the user named and nowhere else, or in the folder of VAE_DATA, in the user's cache folder,
/// or by downloading them into the cache folder.
/// </summary>
internal sealed class SourceFolders(string source, DataRequest request, Downloader downloader)
{
    /// <summary>The environment variable that names a folder of data sets.</summary>
    public const string FolderVariable = "VAE_DATA";

    /// <summary>The paths of the given files, in their order.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> where a file is missing and cannot be had.</exception>
    public string[] Locate(IReadOnlyList<SourceFile> files)
    {
        if (request.Folder is string named)
        {
            return LocateIn(WithSubfolders(named), files) ?? throw MissingInNamed(named, files);
        }

        string? fromVariable = Environment(FolderVariable);
        string[] folders = fromVariable is null ? [CacheFolder()] : [.. WithSubfolders(fromVariable), CacheFolder()];
        if (LocateIn(folders, files) is string[] found)
        {
            return found;
        }

        return request.Offline ? throw MissingOffline(folders, files) : Download(files);
    }

    /// <summary>Where downloads are kept: the user's cache folder as the system has it, then vae, then the data set's name.</summary>
    private string CacheFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            string local = Environment("LOCALAPPDATA")
                ?? System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData);
            return Path.Combine(local, "vae", source);
        }

        string home = Environment("HOME") ?? System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        string? xdg = Environment("XDG_CACHE_HOME");
        string cache = xdg is not null && Path.IsPathRooted(xdg) ? xdg // the specification has relative paths ignored
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Path.Combine(home, ".cache");
        return Path.Combine(cache, "vae", source);
    }

    private string? Environment(string name) => request.Environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// A folder of data sets has a sub-folder for each; a folder of one set holds its files itself. The former is looked for first, as
    /// several sets use the same file names.
    /// </summary>
    private string[] WithSubfolders(string folder) =>
        [Path.Combine(folder, source), Path.Combine(folder, source.Replace('_', '-')), folder];

    private static string[]? LocateIn(IEnumerable<string> folders, IReadOnlyList<SourceFile> files) =>
        folders
            .Select(folder => files.Select(file => file.FindIn(folder)).OfType<string>().ToArray())
            .FirstOrDefault(found => found.Length == files.Count);

    private string[] Download(IReadOnlyList<SourceFile> files)
    {
        string folder = CacheFolder();
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VaeException(
                FailureKind.OutputUnwritable,
                $"{folder}: the folder for downloads cannot be created, {exception.Message.ReplaceLineEndings(" ")}",
                exception);
        }

        return [.. files.Select(file => file.FindIn(folder) ?? downloader.Download(source, file, folder, request))];
    }

    private VaeException MissingInNamed(string folder, IReadOnlyList<SourceFile> files)
    {
        if (!Directory.Exists(folder))
        {
            return new VaeException(
                FailureKind.MissingInput, $"{folder}: there is no such folder; --data names a folder that holds {Names(files)}");
        }

        IReadOnlyList<SourceFile> missing = WithSubfolders(folder)
            .Select(candidate => files.Where(file => file.FindIn(candidate) is null).ToArray())
            .MinBy(candidate => candidate.Length)!;
        return new VaeException(
            FailureKind.MissingInput,
            $"{folder}: {Names(missing)} missing for {source}; put there or into {Path.Combine(folder, source)}, packed or unpacked");
    }

    private VaeException MissingOffline(string[] folders, IReadOnlyList<SourceFile> files) =>
        new(
            FailureKind.MissingInput,
            $"{source}: {Names(files)} not found in {string.Join(", ", folders)} and --offline forbids a download; "
            + $"put them into {CacheFolder()}, or name their folder with --data");

    private static string Names(IEnumerable<SourceFile> files) => string.Join(", ", files.Select(file => file.Name));
}
