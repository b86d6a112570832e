using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Vae.Core.Verbs;

namespace Vae.Cli.Commands;

/// <summary>Parsers of option values. A value that will not do is refused while parsing, with what was expected.</summary>
internal static partial class Parsers
{
    public static Func<ArgumentResult, long?> Integer(long least, long most) => argument =>
        long.TryParse(Text(argument), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && value >= least && value <= most
            ? value
            : Refuse<long?>(argument, $"an integer of {least} to {most}");

    public static Func<ArgumentResult, int> Count(int least, int most) => argument => (int)(Integer(least, most)(argument) ?? 0);

    public static Func<ArgumentResult, int[]> Counts(int least, int most) => argument =>
    [
        .. argument.Tokens.Select(token =>
            int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : Refuse<int>(argument, $"integers of {least} to {most}", token.Value)),
    ];

    public static Func<ArgumentResult, double> Number(double least, double most) => argument =>
        double.TryParse(Text(argument), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value >= least && value <= most
            ? value
            : Refuse<double>(argument, string.Create(CultureInfo.InvariantCulture, $"a number of {least} to {most}"));

    public static ThreadCount Threads(ArgumentResult argument) => Text(argument) switch
    {
        "auto" => ThreadCount.Auto,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= 1024 =>
            new ThreadCount(value),
        _ => Refuse<ThreadCount>(argument, "'auto' or an integer of 1 to 1024"),
    };

    public static string Device(ArgumentResult argument) =>
        DevicePattern().IsMatch(Text(argument)) ? Text(argument) : Refuse<string>(argument, "auto, cpu, cuda or cuda:N");

    public static string FilePath(ArgumentResult argument) =>
        Text(argument).Trim().Length > 0 && !Text(argument).Contains('\0') ? Text(argument) : Refuse<string>(argument, "a path");

    /// <summary>Images, each by its number or by its file.</summary>
    public static ImageChoice[] ImageChoices(ArgumentResult argument) => [.. argument.Tokens.Select(token => ImageChoice(argument, token.Value))];

    /// <summary>One of some words.</summary>
    public static Func<ArgumentResult, Choice<T>> OneOf<T>(params Choice<T>[] choices) => argument =>
        choices.FirstOrDefault(choice => choice.Word == Text(argument)) is { Word: not null } chosen
            ? chosen
            : Refuse<Choice<T>>(argument, string.Join(" or ", choices.Select(choice => choice.Word)));

    /// <summary>An output file whose ending says what is written.</summary>
    public static Func<ArgumentResult, string> OutputFile(params string[] endings) => argument =>
        endings.Contains(Path.GetExtension(Text(argument)), StringComparer.OrdinalIgnoreCase)
            && Path.GetFileNameWithoutExtension(Text(argument)).Length > 0
            ? Text(argument)
            : Refuse<string>(argument, $"a file that ends in {string.Join(" or ", endings)}");

    /// <summary>A value that the rules of the option do not allow.</summary>
    public static T Refuse<T>(ArgumentResult argument, string expected) => Refuse<T>(argument, expected, Text(argument));

    private static T Refuse<T>(ArgumentResult argument, string expected, string got)
    {
        string name = argument.Parent is OptionResult { IdentifierToken: { } token } ? token.Value : argument.Argument.Name;
        argument.AddError($"option '{name}' expects {expected}, got '{got}'");
        return default!;
    }

    private static ImageChoice ImageChoice(ArgumentResult argument, string text)
    {
        // What begins like an option is one whose own value was forgotten.
        if (text.Trim().Length == 0 || text.Contains('\0', StringComparison.Ordinal) || text.StartsWith("--", StringComparison.Ordinal))
        {
            return Refuse<ImageChoice>(argument, "the number or the path of an image", text);
        }

        // A negative number is a slip, not a file; a file of that name is given as ./-1.
        return text.AsSpan(text[0] == '-' ? 1 : 0).ContainsAnyExceptInRange('0', '9')
            ? new FiledImage(text)
            : IndexedImage(argument, text);
    }

    private static ImageChoice IndexedImage(ArgumentResult argument, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new IndexedImage(index)
            : Refuse<ImageChoice>(argument, $"the number of an image, 0 to {int.MaxValue}", text);

    private static string Text(ArgumentResult argument) => argument.Tokens[^1].Value;

    [GeneratedRegex("^(auto|cpu|cuda|cuda:[0-9]{1,3})$", RegexOptions.CultureInvariant)]
    private static partial Regex DevicePattern();
}
