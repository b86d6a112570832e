using System.Globalization;
using System.Text;

namespace ScottPlot.Rendering;

/// <summary>Writes SVG elements: numbers in the invariant culture, text escaped, one element a line.</summary>
internal sealed class SvgBuilder
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Pixels with at most two decimals; far outside the figure the value no longer matters, but must stay readable.</summary>
    public static string Number(double value)
    {
        double rounded = Math.Round(Math.Clamp(value, -1e6, 1e6), 2) + 0.0;
        return rounded.ToString("0.##", CultureInfo.InvariantCulture);
    }

    public void Open(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Start(name, attributes);
        _text.Append(">\n");
        _open.Push(name);
    }

    public void Close()
    {
        string name = _open.Pop();
        Indent();
        _text.Append("</").Append(name).Append(">\n");
    }

    public void Element(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Start(name, attributes);
        _text.Append("/>\n");
    }

    public void Text(string content, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Start("text", attributes);
        _text.Append('>').Append(Escape(content)).Append("</text>\n");
    }

    /// <summary>The colour without its opacity, which SVG has in an attribute of its own.</summary>
    public static string Rgb(Color color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    public override string ToString() => _text.ToString();

    private void Start(string name, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Indent();
        _text.Append('<').Append(name);
        foreach ((string attribute, object value) in attributes)
        {
            string written = value is string text ? Escape(text) : Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));
            _text.Append(' ').Append(attribute).Append("=\"").Append(written).Append('"');
        }
    }

    private void Indent() => _text.Append(' ', 2 * _open.Count);

    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                // XML 1.0 has no way to write these.
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}
