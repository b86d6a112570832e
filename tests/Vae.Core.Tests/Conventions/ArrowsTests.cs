using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Conventions;

/// <summary>
/// Arrows point one way: each folder of the core uses those of the lines above its own, and Configuration, which uses nothing of the
/// others. Folders of one line do not use each other. Read from the compiled types, so that no way of naming a type escapes.
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
        foreach (Type type in typeof(VaeException).Assembly.GetTypes().Where(type => Folder(type) is not null))
        {
            string folder = Folder(type)!;
            int level = Array.FindIndex(Levels, folders => folders.Contains(folder));
            Assert.True(level >= 0 || folder == "Configuration", $"{type}: add the folder {folder} to the arrows");
            string[] allowed = [folder, "Configuration", .. Levels[..Math.Max(0, level)].SelectMany(folders => folders)];
            wrong.AddRange(
                from used in TypesUsed.By(type)
                where Folder(used) is { } other && !allowed.Contains(other)
                select $"{folder} must not use {Folder(used)}: {type} uses {used}");
        }

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void Types_are_found_wherever_they_are_named() =>
        Assert.Superset(
            new HashSet<Type>(
                [typeof(Uri), typeof(Version), typeof(Random), typeof(StringReader), typeof(TimeZoneInfo), typeof(List<>), typeof(Guid)]),
            TypesUsed.By(typeof(Sample)).ToHashSet());

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
            Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories),
            file => ConsoleUse().IsMatch(File.ReadAllText(file)));
    }

    // The first folder below the core; null for its root, the exception everyone knows, and for what is not of the core.
    private static string? Folder(Type type) =>
        type.Namespace is { } name && name.StartsWith("Vae.Core.", StringComparison.Ordinal) ? name.Split('.')[2] : null;

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex ConsoleUse();

    private sealed class Sample
    {
        private readonly List<Uri[]> _field = [];

        public Version? Property { get; set; }

        public bool Method(Random argument)
        {
            using StringReader local = new("");
            return Array.Empty<Guid>().Length + _field.Count + argument.Next() + TimeZoneInfo.Utc.Id.Length > local.Read();
        }
    }
}
