namespace ScottPlot.Rendering;

/// <summary>
/// Estimates how wide a text will be. The viewer chooses the font, so widths are those of a wide common sans serif:
/// a margin somewhat too wide looks better than text that is cut off.
/// </summary>
internal static class TextSize
{
    public static double Width(string text, double fontSize) => text.Sum(Ems) * fontSize;

    private static double Ems(char c) => c switch
    {
        'i' or 'j' or 'l' or '|' or '\'' or 'I' => 0.29,
        ' ' or '.' or ',' or ':' or ';' or '!' or 'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '/' or '-' => 0.37,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.93,
        >= '⁰' and <= '⁹' or '¹' or '²' or '³' or '⁻' => 0.38,
        >= '0' and <= '9' => 0.6,
        >= 'A' and <= 'Z' => 0.7,
        >= '\u1100' => c is '\u2212' or '\u2013' ? 0.65 : 1.0,
        _ => 0.58,
    };
}
