namespace Vae.Core.Configuration;

/// <summary>Words for paths, values and guesses in messages. Each is one short line, whatever the file holds.</summary>
internal static class ConfigurationText
{
    /// <summary>The path of a key: <c>$.model</c> and <c>latent</c> give <c>$.model.latent</c>, odd names stand in brackets.</summary>
    public static string Path(string parent, string name) =>
        name.Length is > 0 and <= Printable.LongestQuote && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$')
            ? $"{parent}.{name}"
            : $"{parent}[{Printable.Quote(name)}]";

    /// <summary>What stands in the file where something else was expected.</summary>
    public static string Found(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => Printable.Quote(element.GetString()!),
        _ => Printable.Text(element.GetRawText()),
    };

    /// <summary>Whether an element is this text.</summary>
    public static bool IsText(JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.GetString() == text;

    /// <summary>The name of a value of an enumeration: the member's in snake_case, <c>leaky_relu</c> for <c>LeakyRelu</c>.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>All names, each in quotes.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Printable.Quote));

    /// <summary>Ends a message with the name that was probably meant, or with all there are.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> names)
    {
        string? nearest = names.MinBy(candidate => Distance(name, candidate));
        return nearest is { } meant && Distance(name, meant) <= Math.Max(1, meant.Length / 3)
            ? $"did you mean {Printable.Quote(meant)}?"
            : $"known are {List(names)}";
    }

    /// <summary>Edits between two names: letters put in, left out, replaced or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > Printable.LongestQuote)
        {
            return int.MaxValue;
        }

        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                        cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
