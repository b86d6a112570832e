using System.CommandLine;
using System.CommandLine.Parsing;

namespace Vae.Cli.Commands;

/// <summary>Turns what the parser found wrong into one line: the most telling error, and where to read on.</summary>
internal static class UsageError
{
    public static string Describe(ParseResult parsed)
    {
        string problem = parsed.UnmatchedTokens is [var token, ..] ? Unknown(token, parsed.CommandResult.Command) : Text(parsed.Errors[0]);
        return PlainText.Of($"{VaeCommand.PathOf(parsed)}: {WithReference(problem, parsed)}");
    }

    /// <summary>The problem, and where its user can read on.</summary>
    public static string WithReference(string problem, ParseResult parsed) => $"{problem} (see {VaeCommand.PathOf(parsed)} --help)";

    /// <summary>What was meant, perhaps: a question to append, empty where no known word is near.</summary>
    public static string Suggestion(string typed, IEnumerable<string> known) =>
        known.MinBy(name => Distance(typed, name)) is { } near && Distance(typed, near) <= 2 ? $"; did you mean '{near}'?" : "";

    private static string Unknown(string token, Command command)
    {
        bool isOption = token.StartsWith('-');
        bool isVerb = !isOption && command.Subcommands.Count > 0;
        string what = isOption ? "unknown option" : isVerb ? "unknown verb" : "unexpected argument";
        string[] known = isOption
            ? [.. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))]
            : [.. command.Subcommands.Select(verb => verb.Name)];
        return $"{what} '{token}'{Suggestion(token, known)}";
    }

    private static string Text(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option, Tokens.Count: 0 } => $"option '{option.Name}' expects a value",
        OptionResult { Option: var option, Tokens.Count: > 1 } when option.Arity.MaximumNumberOfValues == 1 =>
            $"option '{option.Name}' is given more than once",
        _ => error.Message,
    };

    // Levenshtein: the fewest letters to insert, delete or replace.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
