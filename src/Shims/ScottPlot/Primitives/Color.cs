using System.Globalization;

namespace ScottPlot;

/// <summary>A colour of 8 bits a channel, not premultiplied.</summary>
public readonly struct Color
{
    public readonly byte Red;
    public readonly byte Green;
    public readonly byte Blue;
    public readonly byte Alpha;

    public Color(byte red, byte green, byte blue, byte alpha = 255)
    {
        Red = red;
        Green = green;
        Blue = blue;
        Alpha = alpha;
    }

    public static bool operator ==(Color a, Color b) => a.Equals(b);

    public static bool operator !=(Color a, Color b) => !a.Equals(b);

    public override int GetHashCode() => HashCode.Combine(Red, Green, Blue, Alpha);

    public override bool Equals(object? obj) =>
        obj is Color other && (Red, Green, Blue, Alpha) == (other.Red, other.Green, other.Blue, other.Alpha);

    public readonly Color WithAlpha(byte alpha) => new(Red, Green, Blue, alpha);

    public readonly Color WithAlpha(double alpha) => WithAlpha((byte)(alpha * 255));

    /// <summary>Reads #RRGGBB or #RRGGBBAA.</summary>
    public static Color FromHex(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        string digits = hex.TrimStart('#');
        if (digits.Length is not (6 or 8)
            || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            throw new ArgumentException($"'{hex}' is no colour of the form #RRGGBB or #RRGGBBAA.", nameof(hex));
        }

        uint rgba = digits.Length == 6 ? (value << 8) | 0xFF : value;
        return new Color((byte)(rgba >> 24), (byte)(rgba >> 16), (byte)(rgba >> 8), (byte)rgba);
    }
}
