using System.Text.RegularExpressions;

namespace Shims.Tests;

/// <summary>
/// One public declaration in a form that the list of the package's members and reflection can both be brought to.
/// <paramref name="Key"/> holds type, member, parameters and defaults; <paramref name="Access"/> what a property allows
/// ("get", "set"), null where the list does not say.
/// </summary>
internal sealed record PlotApiMember(string Key, IReadOnlySet<string>? Access = null, bool IsPrimaryConstructor = false)
{
    /// <summary>Whether whoever compiles against <paramref name="offered"/> would compile against this one as well.</summary>
    public bool Covers(PlotApiMember offered) =>
        Key == offered.Key && (Access is null || offered.Access is null || offered.Access.IsSubsetOf(Access));
}

/// <summary>Reads a list of C# declarations, one a line, under headings that name their files.</summary>
internal static partial class PlotApiList
{
    public static List<PlotApiMember> Parse(IEnumerable<string> lines)
    {
        List<PlotApiMember> members = [];
        string space = string.Empty;
        string type = string.Empty;
        foreach (string line in lines.Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                space = line.StartsWith("## Plottables/", StringComparison.Ordinal) ? "ScottPlot.Plottables" : "ScottPlot";
            }
            else if (TypeLine().Match(line) is { Success: true } declaration)
            {
                type = space + "." + declaration.Groups["name"].Value;
                members.AddRange(ParseType(type, declaration));
            }
            else if (!line.StartsWith('#'))
            {
                members.Add(ParseMember(type, line));
            }
        }

        return members;
    }

    private static IEnumerable<PlotApiMember> ParseType(string type, Match line)
    {
        yield return new PlotApiMember($"{line.Groups["kind"].Value} {type}");
        foreach (string parent in Split(line.Groups["parents"].Value))
        {
            yield return new PlotApiMember($"{type} is {parent}");
        }

        foreach (string value in Split(line.Groups["values"].Value))
        {
            yield return new PlotApiMember($"{type}: value {value}");
        }

        if (line.Groups["parameters"].Success)
        {
            string parameters = Parameters(line.Groups["parameters"].Value);
            yield return new PlotApiMember($"{type}: constructor({parameters})", IsPrimaryConstructor: true);
        }
    }

    private static PlotApiMember ParseMember(string type, string line)
    {
        Match match = MemberLine().Match(line);
        Assert.True(match.Success, $"cannot read '{line}'");
        string prefix = $"{type}: {(match.Groups["static"].Success ? "static " : string.Empty)}";
        string result = TypeName(match.Groups["type"].Value);
        string name = match.Groups["name"].Value;
        string rest = match.Groups["rest"].Value.Trim();
        if (match.Groups["parameters"].Success)
        {
            string parameters = Parameters(match.Groups["parameters"].Value);
            return result.Length == 0
                ? new PlotApiMember($"{type}: constructor({parameters})")
                : new PlotApiMember($"{prefix}{result} {name}({parameters})");
        }

        if (rest.EndsWith(';') && !rest.StartsWith('{') && !rest.StartsWith("=>", StringComparison.Ordinal))
        {
            return new PlotApiMember($"{prefix}field {result} {name}");
        }

        return new PlotApiMember($"{prefix}property {result} {name}", Access(rest));
    }

    private static HashSet<string>? Access(string body) => body switch
    {
        "" => null,
        _ when body.StartsWith("=>", StringComparison.Ordinal) => ["get"],
        _ => [.. PublicAccessor().Matches(body).Select(match => match.Value)],
    };

    private static string Parameters(string text) => string.Join(", ", Split(text).Select(parameter =>
    {
        string[] parts = parameter.Split('=', 2, StringSplitOptions.TrimEntries);
        int gap = parts[0].LastIndexOf(' ');
        string declared = TypeName(parts[0][..gap]) + parts[0][gap..];
        return parts.Length == 1 ? declared : $"{declared} = {PlotApiReflection.Literal(parts[1])}";
    }));

    private static string TypeName(string text) => Qualifier().Replace(text.Trim(), string.Empty);

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^public (static |readonly |sealed |abstract )*(?<kind>class|struct|enum) (?<name>\w+)"
        + @"(\((?<parameters>[^)]*)\))?\s*(:\s*(?<parents>[^{]+))?(\{(?<values>[^}]*)\})?$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^public ((?<static>static )|readonly |override |virtual )*((?<type>[\w.]+(\[\])?\??) )?"
        + @"(?<name>(operator )?(\w+|==|!=))(\((?<parameters>[^)]*)\))?(?<rest>.*)$")]
    private static partial Regex MemberLine();

    [GeneratedRegex(@"(?<!private |internal |protected )\b(get|set)\b")]
    private static partial Regex PublicAccessor();

    [GeneratedRegex(@"(\w+\.)+")]
    private static partial Regex Qualifier();
}
