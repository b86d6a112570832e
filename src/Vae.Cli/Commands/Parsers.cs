using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Vae.Cli.Commands;

/// <summary>Parsers of option values. A value that will not do is refused while parsing, with what was expected.</summary>
internal static partial class Parsers
{
    /// <summary>A number in a range.</summary>
    public static Func<ArgumentResult, T?> Number<T>(T least, T most)
        where T : struct, INumber<T> => argument =>
        {
            (NumberStyles style, string kind) = typeof(T) == typeof(double)
                ? (NumberStyles.Float, "a number")
                : (NumberStyles.AllowLeadingSign, "an integer");
            return T.TryParse(Text(argument), style, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most
                ? value
                : Refuse<T?>(argument, string.Create(CultureInfo.InvariantCulture, $"{kind} of {least} to {most}"), Text(argument));
        };

    public static Func<ArgumentResult, int[]> Integers(int least, int most) => argument =>
    [
        .. argument.Tokens.Select(token =>
            int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : Refuse<int>(argument, $"integers of {least} to {most}", token.Value)),
    ];

    public static string Threads(ArgumentResult argument) => Checked(
        argument,
        "'auto' or an integer of 1 to 1024",
        text => text == "auto"
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= 1024));

    public static string Device(ArgumentResult argument) => Checked(argument, "auto, cpu, cuda or cuda:N", DevicePattern().IsMatch);

    public static string FilePath(ArgumentResult argument) => Checked(argument, "a path", IsPath);

    /// <summary>One of some words.</summary>
    public static Func<ArgumentResult, string> OneOf(string[] words) => argument =>
        Checked(argument, string.Join(" or ", words), words.Contains);

    /// <summary>An output file whose ending says what is written.</summary>
    public static Func<ArgumentResult, string> OutputFile(params string[] endings) => argument => Checked(
        argument,
        $"a file that ends in {string.Join(" or ", endings)}",
        text => endings.Contains(Path.GetExtension(text), StringComparer.OrdinalIgnoreCase)
            && Path.GetFileNameWithoutExtension(text).Length > 0);

    /// <summary>Images, each by its number or by its file.</summary>
    public static ImageChoice[] ImageChoices(ArgumentResult argument) =>
        [.. argument.Tokens.Select(token => ImageChoice(argument, token.Value))];

    private static ImageChoice ImageChoice(ArgumentResult argument, string text)
    {
        // What begins like an option is one whose own value was forgotten.
        if (!IsPath(text) || text.StartsWith("--", StringComparison.Ordinal))
        {
            return Refuse<ImageChoice>(argument, "the number or the path of an image", text);
        }

        // A negative number is a slip, not a file; a file of that name is given as ./-1.
        if (text.AsSpan(text[0] == '-' ? 1 : 0).ContainsAnyExceptInRange('0', '9'))
        {
            return new FiledImage(text);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new IndexedImage(index)
            : Refuse<ImageChoice>(argument, $"the number of an image, 0 to {int.MaxValue}", text);
    }

    private static bool IsPath(string text) => text.Trim().Length > 0 && !text.Contains('\0', StringComparison.Ordinal);

    private static string Checked(ArgumentResult argument, string expected, Func<string, bool> isRight) =>
        isRight(Text(argument)) ? Text(argument) : Refuse<string>(argument, expected, Text(argument));

    private static T Refuse<T>(ArgumentResult argument, string expected, string got)
    {
        string name = argument.Parent is OptionResult { IdentifierToken: { } token } ? token.Value : argument.Argument.Name;
        argument.AddError($"option '{name}' expects {expected}, got '{got}'");
        return default!;
    }

    private static string Text(ArgumentResult argument) => argument.Tokens[^1].Value;

    [GeneratedRegex("^(auto|cpu|cuda|cuda:[0-9]{1,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex DevicePattern();
}

/// <summary>What options of one command line demand or forbid of each other. Each rule gives what is wrong, or null.</summary>
internal static class Rules
{
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    public static string? OneOf(ParseResult parsed, Option one, Option other) =>
        parsed.IsGiven(one) || parsed.IsGiven(other)
            ? NotBoth(parsed, one, other)
            : $"option '{one.Name} {one.HelpName}' or '{other.Name} {other.HelpName}' is required";

    public static string? NotBoth(ParseResult parsed, Option one, params IEnumerable<Option> others) =>
        parsed.IsGiven(one) && others.FirstOrDefault(parsed.IsGiven) is { } other
            ? $"options '{one.Name}' and '{other.Name}' exclude each other"
            : null;

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
    /// Checks each assignment of an option such as `--set` while parsing, and that none undoes one before it: a kind may be set and then
    /// its keys, but no key twice, and no section after its keys.
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
