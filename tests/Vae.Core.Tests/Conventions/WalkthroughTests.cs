using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Conventions;

/// <summary>What the pages for newcomers say of the source is true.</summary>
public partial class WalkthroughTests
{
    [Fact]
    public void The_code_of_the_walkthrough_is_the_code()
    {
        IEnumerable<string> sources = Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories);
        string source = string.Join('\n', sources.Select(file => Plain(File.ReadAllText(file))));
        string[] blocks = [.. CodeBlock().Matches(Page("walkthrough.md")).Select(match => Plain(match.Groups[1].Value))];

        Assert.True(blocks.Length >= 8);
        Assert.All(blocks, block => Assert.Contains(block, source, StringComparison.Ordinal));
    }

    [Fact]
    public void The_walk_of_the_data_has_at_most_fifteen_stops_and_each_is_a_file()
    {
        string[] stops = [.. Stop().Matches(Page("development.md")).Select(match => match.Groups[1].Value)];

        Assert.InRange(stops.Length, 10, 15);
        Assert.All(stops, stop => Assert.True(File.Exists(Path.Combine(Repository.Root, "src", stop)), stop));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", name));

    private static string Plain(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^\| \d+ \| `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Stop();
}
