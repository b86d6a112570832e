using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Conventions;

/// <summary>
/// Arrows point one way: each folder uses those of the lines above its own, and
/// Configuration, which uses nothing of the others. Folders of one line do not use each other.
/// </summary>
public partial class ArrowsTests
{
    private static readonly string[][] Levels =
    [
        ["Engine"],
        ["Data"],
        ["Distributions"],
        ["Priors", "Likelihoods", "Networks"],
        ["Models"],
        ["Objectives"],
        ["Imaging"],
        ["Runs", "Evaluation"],
        ["Training"],
        ["Verbs"],
    ];

    [Fact]
    public void Every_folder_of_the_core_uses_only_what_is_below_it()
    {
        List<string> wrong = [];
        foreach ((string file, string folder) in Files())
        {
            int level = Array.FindIndex(Levels, folders => folders.Contains(folder));
            Assert.True(level >= 0 || folder == "Configuration", $"{file}: add the folder {folder} to the arrows");
            string[] allowed = [folder, "Configuration", .. Levels[..Math.Max(0, level)].SelectMany(folders => folders)];
            wrong.AddRange(Uses(file).Where(used => !allowed.Contains(used)).Select(used => $"{folder} must not use {used}: {file}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_imaging_knows_the_plot_library()
    {
        IEnumerable<string> users = Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("ScottPlot", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Sources, file).Split(Path.DirectorySeparatorChar)[0])
            .Distinct();

        Assert.Equal(["Imaging"], users);
    }

    [Fact]
    public void The_core_knows_no_console()
    {
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories), file => ConsoleUse().IsMatch(File.ReadAllText(file)));
    }

    private static IEnumerable<(string Path, string Folder)> Files() =>
        from file in Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories)
        let folder = Path.GetRelativePath(Repository.Sources, file).Split(Path.DirectorySeparatorChar)[0]
        where !folder.EndsWith(".cs", StringComparison.Ordinal) // the root namespace: the exception everyone knows
        select (file, folder);

    private static IEnumerable<string> Uses(string file) =>
        CoreNamespace().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"^using (?:static )?Vae\.Core\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex ConsoleUse();
}
