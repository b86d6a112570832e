namespace Vae.Core.Configuration;

/// <summary>Finds configuration files by name.</summary>
public static class ConfigurationFiles
{
    private const string Folder = "configs";
    private const string Extension = ".json";
    private const string SchemaExtension = ".schema.json";
    private const string RepositoryMark = "Vae.Cli.sln";

    /// <summary>
    /// The path of a configuration. It is looked for as given, then in <c>configs/</c> of the current folder, then in <c>configs/</c>
    /// beside the program or, for a program inside its repository, of a folder above it; in <c>configs/</c> with or without <c>.json</c>.
    /// </summary>
    /// <param name="name">What the user gave, such as <c>mnist</c>, <c>papers/burda</c> or <c>my/own.json</c>.</param>
    /// <param name="currentDirectory">The folder against which relative names are read.</param>
    /// <param name="programDirectory">The folder of the program.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/>: there is none; the message names those there are.</exception>
    public static string Find(string name, string currentDirectory, string programDirectory)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new VaeException(
                FailureKind.Usage,
                $"--config: expected a file or the name of a configuration; {Shipped(currentDirectory, programDirectory)}");
        }

        string asGiven = Path.Combine(currentDirectory, name);
        if (File.Exists(asGiven))
        {
            return Path.GetRelativePath(currentDirectory, asGiven) == name ? name : asGiven;
        }

        IEnumerable<string> folders = Path.IsPathRooted(name) ? [] : Folders(currentDirectory, programDirectory);
        string reason = Directory.Exists(asGiven) ? "is a folder, not a configuration file" : "no such configuration";
        return folders
            .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + Extension) })
            .FirstOrDefault(File.Exists)
            ?? throw new VaeException(
                FailureKind.MissingInput, $"{Printable.Text(name)}: {reason}; {Shipped(currentDirectory, programDirectory)}");
    }

    /// <summary>The names under which <see cref="Find"/> finds configurations in <c>configs/</c> folders, sorted.</summary>
    public static IReadOnlyList<string> Names(string currentDirectory, string programDirectory) =>
        [.. Folders(currentDirectory, programDirectory).SelectMany(NamesIn).Distinct().Order(StringComparer.Ordinal)];

    private static string Shipped(string currentDirectory, string programDirectory) =>
        Names(currentDirectory, programDirectory) is { Count: > 0 } names
            ? $"there are {string.Join(", ", names)}"
            : $"there is no {Folder}/ folder here or beside the program";

    private static IEnumerable<string> NamesIn(string folder) => Directory
        .EnumerateFiles(folder, "*" + Extension, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
        .Where(path => !path.EndsWith(SchemaExtension, StringComparison.Ordinal))
        .Select(path => Path.ChangeExtension(Path.GetRelativePath(folder, path), null).Replace('\\', '/'));

    private static IEnumerable<string> Folders(string currentDirectory, string programDirectory) =>
        new[] { currentDirectory, programDirectory }.Concat(UpToRepository(programDirectory))
            .Select(directory => Path.Combine(directory, Folder))
            .Distinct()
            .Where(Directory.Exists);

    /// <summary>The folders above the program up to the one with the solution; none when the program is installed elsewhere.</summary>
    private static List<string> UpToRepository(string programDirectory)
    {
        List<string> above = new List<string>();
        for (DirectoryInfo? directory = new DirectoryInfo(programDirectory); directory is not null; directory = directory.Parent)
        {
            above.Add(directory.FullName);
            if (File.Exists(Path.Combine(directory.FullName, RepositoryMark)))
            {
                return above;
            }
        }

        return [];
    }
}
