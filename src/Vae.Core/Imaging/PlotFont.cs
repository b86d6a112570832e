using System.Buffers.Binary;
using SkiaSharp;

namespace Vae.Core.Imaging;

/// <summary>
/// A font that has widths and no shapes. The library that draws writes only those letters into an SVG that a font at hand has: on a machine
/// without fonts it leaves out all text. Whoever shows the SVG brings the shapes; with this font every machine makes the same figure.
/// </summary>
internal static class PlotFont
{
    /// <summary>
    /// The families that a viewer is to look for: the first stands on Windows and macOS, the second on most Linux systems, and they have
    /// nearly the same widths. Any other sans-serif font is narrower, so that what has been laid out for these keeps its place.
    /// </summary>
    public const string Families = "Verdana, DejaVu Sans, sans-serif";

    private const int UnitsPerEm = 1000;

    // Height above the line, depth below it and height of capitals, as in DejaVu Sans.
    private const int Ascent = 928;
    private const int Descent = -236;
    private const int CapitalHeight = 729;

    // Most other letters are about as wide as a digit; those of East Asia, which come last in Unicode, fill a square.
    private const int OtherWidth = 640;
    private const int FirstSquare = 0x2E80;

    // Widths of DejaVu Sans from the space on.
    private static readonly short[] AsciiWidths =
    [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
        636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
        603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
        634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
    ];

    /// <summary>A font for the characters of a text.</summary>
    /// <exception cref="InvalidOperationException">The library does not take the font.</exception>
    public static SKTypeface For(string text)
    {
        int[] characters = [.. text.EnumerateRunes().Select(rune => rune.Value).Distinct().Order()];
        using SKData data = SKData.CreateCopy(Write(characters));
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException("SkiaSharp refuses the font that plots are measured with");
    }

    /// <summary>A TrueType file whose glyph i + 1 is characters[i], empty and of its width. Glyph 0 stands for all others.</summary>
    private static byte[] Write(int[] characters)
    {
        int glyphs = characters.Length + 1;
        (string Tag, byte[] Content)[] tables =
        [
            ("OS/2", Table(96, (0, 2, 2), (4, 2, 400), (6, 2, 5), (88, 2, CapitalHeight))),
            ("cmap", CharacterMap(characters)),
            ("glyf", new byte[4]),
            ("head", Table(
                54, (0, 4, 0x10000), (12, 4, 0x5F0F3CF5), (18, 2, UnitsPerEm), (38, 2, Descent), (40, 2, UnitsPerEm), (42, 2, Ascent))),
            ("hhea", Table(36, (0, 4, 0x10000), (4, 2, Ascent), (6, 2, Descent), (10, 2, UnitsPerEm), (18, 2, 1), (34, 2, glyphs))),
            ("hmtx", Table(4 * glyphs, [.. characters.Select((character, i) => (4 * (i + 1), 2, Width(character)))])),
            ("loca", new byte[2 * (glyphs + 1)]),
            ("maxp", Table(32, (0, 4, 0x10000), (4, 2, glyphs), (14, 2, 1))),
            ("name", Name()),
        ];

        using MemoryStream body = new();
        int start = 12 + (16 * tables.Length);
        List<(int At, int Size, int Value)> directory = [(0, 4, 0x10000), (4, 2, tables.Length)];
        for (int i = 0; i < tables.Length; i++)
        {
            (string tag, byte[] content) = tables[i];
            int entry = 12 + (16 * i);
            directory.Add((entry, 4, BinaryPrimitives.ReadInt32BigEndian(Encoding.ASCII.GetBytes(tag))));
            directory.Add((entry + 8, 4, start + (int)body.Length));
            directory.Add((entry + 12, 4, content.Length));
            body.Write(content);
            body.Write(new byte[-content.Length & 3]);
        }

        return [.. Table(start, [.. directory]), .. body.ToArray()];
    }

    private static int Width(int character) => character switch
    {
        >= ' ' and <= '~' => AsciiWidths[character - ' '],
        '−' => AsciiWidths['+' - ' '],
        >= FirstSquare => UnitsPerEm,
        _ => OtherWidth,
    };

    /// <summary>Format 12, one group a character.</summary>
    private static byte[] CharacterMap(int[] characters)
    {
        const int Header = 28;
        const int Group = 12;
        int length = 16 + (Group * characters.Length);
        return Table(
            12 + length,
            [
                (2, 2, 1), (4, 2, 3), (6, 2, 10), (8, 4, 12), (12, 2, 12), (16, 4, length), (24, 4, characters.Length),
                .. characters.SelectMany<int, (int, int, int)>((character, i) =>
                    [(Header + (Group * i), 4, character), (Header + (Group * i) + 4, 4, character), (Header + (Group * i) + 8, 4, i + 1)]),
            ]);
    }

    private static byte[] Name()
    {
        const int Header = 18;
        byte[] families = Encoding.BigEndianUnicode.GetBytes(Families);
        return
        [
            .. Table(Header, (2, 2, 1), (4, 2, Header), (6, 2, 3), (8, 2, 1), (10, 2, 0x409), (12, 2, 1), (14, 2, families.Length)),
            .. families,
        ];
    }

    /// <summary>Zeros but for some numbers of two or four bytes.</summary>
    private static byte[] Table(int length, params (int At, int Size, int Value)[] numbers)
    {
        byte[] table = new byte[length];
        foreach ((int at, int size, int value) in numbers)
        {
            if (size == 2)
            {
                BinaryPrimitives.WriteInt16BigEndian(table.AsSpan(at), (short)value);
            }
            else
            {
                BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(at), value);
            }
        }

        return table;
    }
}
