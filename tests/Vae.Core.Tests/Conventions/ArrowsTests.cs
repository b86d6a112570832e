using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Conventions;

/// <summary>
/// Arrows point one way: Composition, then Training, Evaluation, Checkpoints and Imaging, then Objectives and Models, then
/// Distributions, Priors, Likelihoods and Networks, then Data, then Engine. Configuration depends on nothing, and only Composition on it.
/// </summary>
public partial class ArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Engine"] = [],
        ["Configuration"] = [],
        ["Data"] = ["Engine"],
        ["Distributions"] = ["Engine"],
        ["Priors"] = ["Engine", "Distributions"],
        ["Likelihoods"] = ["Engine", "Distributions"],
        ["Networks"] = ["Engine", "Distributions"],
        ["Models"] = ["Engine", "Distributions", "Priors", "Likelihoods", "Networks"],
        ["Objectives"] = ["Engine", "Distributions", "Priors", "Likelihoods", "Networks", "Models"],
        ["Imaging"] = ["Engine", "Data"],
        ["Checkpoints"] = ["Engine", "Data", "Models"],
        ["Evaluation"] = ["Engine", "Data", "Distributions", "Priors", "Likelihoods", "Networks", "Models", "Objectives"],
        ["Training"] = ["Engine", "Data", "Distributions", "Priors", "Likelihoods", "Networks", "Models", "Objectives", "Checkpoints", "Evaluation", "Imaging"],
        ["Composition"] = ["Engine", "Configuration", "Data", "Distributions", "Priors", "Likelihoods", "Networks", "Models", "Objectives", "Checkpoints", "Evaluation", "Imaging", "Training"],
        ["Verbs"] = ["Engine", "Configuration", "Data", "Distributions", "Priors", "Likelihoods", "Networks", "Models", "Objectives", "Checkpoints", "Evaluation", "Imaging", "Training", "Composition"],
    };

    [Fact]
    public void Every_folder_of_the_core_uses_only_what_lies_below_it()
    {
        List<string> wrong = [];
        foreach (string file in Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories))
        {
            string folder = Path.GetRelativePath(Repository.Sources, file).Split(Path.DirectorySeparatorChar)[0];
            if (folder.EndsWith(".cs", StringComparison.Ordinal))
            {
                continue; // the root namespace: the exception everyone knows
            }

            Assert.True(Allowed.ContainsKey(folder), $"{file}: add the folder {folder} to the arrows");
            wrong.AddRange(Uses(file)
                .Where(used => used != folder && !Allowed[folder].Contains(used))
                .Select(used => $"{folder} must not use {used}: {file}"));
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

    private static IEnumerable<string> Uses(string file) =>
        CoreNamespace().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"^using (?:static )?Vae\.Core\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex ConsoleUse();
}
