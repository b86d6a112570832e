namespace Vae.Cli;

/// <summary>Text from outside, for use in messages.</summary>
internal static class PlainText
{
    /// <summary>The text with nothing in it that could break a line or steer a terminal.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;
}
