using System.Globalization;

namespace Vae.Core.Tests.Conventions;

/// <summary>What an editor shows at once: lines as long as .editorconfig allows, files of a few pages.</summary>
public class LineLengthTests
{
    private const int MostLines = 320;

    [Fact]
    public void No_line_of_the_sources_is_longer_than_the_editor_s_limit()
    {
        int limit = Limit();
        List<string> wrong = [];
        foreach (string file in Files("src").Concat(Files("tests")))
        {
            string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, file)); // it leaves out a byte order mark
            wrong.AddRange(
                from line in lines.Index()
                where line.Item.Length > limit
                select $"{file}:{line.Index + 1} ({line.Item.Length})");
        }

        Assert.True(wrong.Count == 0, $"longer than {limit}:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void No_file_of_the_sources_is_longer_than_320_lines(string file) =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, file)).Count(), 1, MostLines);

    /// <summary>The files of src; a kernel may be longer, which is one piece however long it is.</summary>
    public static TheoryData<string> Sources() =>
        [.. Files("src").Where(file => !Path.GetFileName(file).Contains("Kernel", StringComparison.Ordinal))];

    // Relative to the root.
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts"))
            .Order(StringComparer.Ordinal);

    // The last setting in a section for C# counts, as it does for editors.
    private static int Limit()
    {
        int? limit = null;
        string section = "";
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, ".editorconfig")))
        {
            section = line.StartsWith('[') ? line.Trim() : section;
            if (section is "[*]" or "[*.cs]" && line.Split('=', StringSplitOptions.TrimEntries) is ["max_line_length", string value])
            {
                limit = int.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return limit ?? throw new InvalidOperationException(".editorconfig says no max_line_length for *.cs");
    }
}
