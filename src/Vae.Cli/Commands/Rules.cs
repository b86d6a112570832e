using System.CommandLine;
using System.CommandLine.Parsing;

namespace Vae.Cli.Commands;

/// <summary>What options of one command line demand or forbid of each other; checked while parsing.</summary>
internal static class Rules
{
    public static bool IsGiven(this SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };

    public static void Required(CommandResult result, Option option)
    {
        if (!result.IsGiven(option))
        {
            result.AddError($"option '{option.Name} {option.HelpName}' is required");
        }
    }

    public static void NotBoth(CommandResult result, Option one, Option other)
    {
        if (result.IsGiven(one) && result.IsGiven(other))
        {
            result.AddError($"options '{one.Name}' and '{other.Name}' exclude each other");
        }
    }

    public static void KeyValues(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                result.AddError($"option '{result.Option.Name}' expects KEY=VALUE, got '{token.Value}'");
            }
        }
    }

    /// <summary>A value with an option of its own may not come by `--set` as well: one of the two would be ignored.</summary>
    public static void NotSetTwice(CommandResult result, Option set, params (Option Option, string Key)[] pairs)
    {
        IEnumerable<string> assignments = result.GetResult(set)?.Tokens.Select(token => token.Value) ?? [];
        foreach ((Option option, string key) in pairs)
        {
            if (result.IsGiven(option) && assignments.Any(text => text.StartsWith($"{key}=", StringComparison.Ordinal)))
            {
                result.AddError($"option '{option.Name}' and '{set.Name} {key}' say the same; give one of them");
            }
        }
    }
}
