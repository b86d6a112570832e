using System.CommandLine;
using System.CommandLine.Parsing;
using Vae.Core.Verbs;

namespace Vae.Cli.Commands;

/// <summary>
/// What options of one command line demand or forbid of each other. Each rule gives what is wrong, or null.
/// </summary>
internal static class Rules
{
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    public static string? OneOf(ParseResult parsed, Option one, Option other) =>
        parsed.IsGiven(one) || parsed.IsGiven(other)
            ? NotBoth(parsed, one, other)
            : $"option '{one.Name} {one.HelpName}' or '{other.Name} {other.HelpName}' is required";

    public static string? NotBoth(ParseResult parsed, Option one, Option other) =>
        parsed.IsGiven(one) && parsed.IsGiven(other) ? $"options '{one.Name}' and '{other.Name}' exclude each other" : null;

    /// <summary>An option that has a meaning only beside another one.</summary>
    public static string? OnlyBeside(ParseResult parsed, Option option, Option other) =>
        parsed.IsGiven(option) && !parsed.IsGiven(other) ? $"option '{option.Name}' has a meaning beside '{other.Name}' only" : null;

    /// <summary>An option that shapes a picture, where the output is none.</summary>
    public static string? OnlyForPicture(ParseResult parsed, Option option, Option<string> output) =>
        parsed.IsGiven(option) && !ArrayOutput.IsPicture(parsed.GetRequiredValue(output))
            ? $"option '{option.Name}' has a meaning for a .png only"
            : null;

    /// <summary>A value with an option of its own may not come by `--set` as well: one of the two would be ignored.</summary>
    public static string? NotSetTwice(ParseResult parsed, Option set, Option option, string key) =>
        parsed.IsGiven(option)
        && parsed.GetResult(set) is { } assignments
        && assignments.Tokens.Any(token => Key(token) == key)
            ? $"option '{option.Name}' and '{set.Name} {key}' say the same; give one of them"
            : null;

    /// <summary>
    /// Checks each assignment of an option such as `--set` while parsing, and that none undoes one before it: a kind may be set and then its
    /// keys, but no key twice, and no section after its keys.
    /// </summary>
    public static void KeyValues(OptionResult result)
    {
        List<string> before = [];
        foreach (Token token in result.Tokens)
        {
            if (Key(token) is not { } key)
            {
                result.AddError($"option '{result.Option.Name}' expects KEY=VALUE, got '{token.Value}'");
                continue;
            }

            if (before.Contains(key))
            {
                result.AddError($"option '{result.Option.Name} {key}' is given more than once");
            }
            else if (before.Find(other => other.StartsWith($"{key}.", StringComparison.Ordinal)) is { } undone)
            {
                result.AddError($"option '{result.Option.Name} {key}' would undo '{result.Option.Name} {undone}' before it; give it first");
            }

            // A word for a section is short for its kind.
            bool isSection = token.Value[(token.Value.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimStart().StartsWith('{');
            before.AddRange(isSection ? [key] : [key, $"{key}.kind"]);
        }
    }

    // The key of an assignment, without spaces; null where there is none.
    private static string? Key(Token assignment)
    {
        int equals = assignment.Value.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? null : string.Join('.', assignment.Value[..equals].Split('.', StringSplitOptions.TrimEntries));
    }
}
