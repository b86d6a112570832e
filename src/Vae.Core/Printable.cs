namespace Vae.Core;

/// <summary>Text from outside for messages: shortened, and without what could break a line, forge another or steer a terminal.</summary>
internal static class Printable
{
    /// <summary>Characters of the text that are shown.</summary>
    public const int LongestQuote = 60;

    /// <summary>The text in quotation marks.</summary>
    public static string Quote(string text) => $"\"{Text(text)}\"";

    public static string Text(string text)
    {
        StringBuilder shown = new StringBuilder();
        foreach (Rune rune in text.AsSpan(0, Math.Min(text.Length, LongestQuote)).EnumerateRunes())
        {
            shown.Append(IsPrintable(rune) ? rune.ToString() : $"\\u{rune.Value:x4}");
        }

        return shown.Append(text.Length > LongestQuote ? "…" : "").ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
