using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Vae.Core.Tests.Imaging;

/// <summary>
/// What a person sees in a figure that ScottPlot wrote: its texts, lines and markers with their places, in pixels from the upper left.
/// </summary>
internal sealed partial class SvgFigure
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly XElement _root;

    public SvgFigure(string xml)
    {
        _root = XDocument.Parse(xml).Root!;
        Assert.Equal(Svg + "svg", _root.Name);
        Texts = [.. _root.Descendants(Svg + "text").Select(ToText)];
        // The first two paths are the grid, whose lines go from edge to edge.
        double[] edges =
            [.. _root.Elements(Svg + "path").Take(2).SelectMany(grid => Pieces(grid)[0]).SelectMany(end => new[] { end.X, end.Y })];
        Frame = new Box(edges[4], edges[3], edges[6], edges[1]);
        // The data are what is clipped to the frame.
        XElement[] data = [.. _root.Elements(Svg + "clipPath").Zip(_root.Elements(Svg + "g"))
            .Where(pair => IsFrame(pair.First)).SelectMany(pair => pair.Second.Elements())];
        Lines = [.. data.Where(element => element.Name == Svg + "path").Select(ToLine)];
        Markers = [.. data.Where(element => element.Name == Svg + "ellipse" || element.Name == Svg + "circle")
            .Select(marker => (Number(marker, "cx"), Number(marker, "cy")))];
    }

    public double Width => Number(_root, "width");

    public double Height => Number(_root, "height");

    public Text[] Texts { get; }

    public Box Frame { get; }

    public Line[] Lines { get; }

    public (double X, double Y)[] Markers { get; }

    /// <summary>All families of fonts that are named, as they are named.</summary>
    public IEnumerable<string> Families => _root.Descendants().Attributes("font-family").Select(family => family.Value).Distinct();

    /// <summary>The entries of the legend, below the frame and right of their symbols.</summary>
    public Text[] Legend =>
        [.. Texts.Where(text => text.Content.Contains(": ", StringComparison.Ordinal))
            .Where(text => !text.Content.StartsWith("beyond", StringComparison.Ordinal))];

    public string[] TicksBelow => [.. Texts.Where(text => IsTick(text) && !IsBeside(text)).Select(text => text.Content)];

    public string[] TicksBeside => [.. Texts.Where(text => IsTick(text) && IsBeside(text)).Select(text => text.Content)];

    /// <summary>Whether a text stands left of the frame; the lowest is set around its corner.</summary>
    public bool IsBeside(Text text) =>
        !text.IsTurned && text.X < Frame.Left && text.Y < Frame.Bottom + (0.5 * text.Size) && text.Y > Frame.Top;

    private bool IsFrame(XElement clip) =>
        Math.Abs(Number(clip.Element(Svg + "rect")!, "x") - Frame.Left) < 0.1
            && Math.Abs(Number(clip.Element(Svg + "rect")!, "y") - Frame.Top) < 0.1;

    private static bool IsTick(Text text) => Numeral().IsMatch(text.Content);

    private static Text ToText(XElement text)
    {
        double[] matrix = [.. Numbers((string)text.Attribute("transform")!)];
        bool isTurned = matrix.Length == 6;
        double along = Number(text, "x");
        double down = Number(text, "y");
        (double x, double y) = isTurned ? (matrix[4] + down, matrix[5] - along) : (matrix[0] + along, matrix[1] + down);
        return new Text(text.Value.Trim(), x, y, Number(text, "font-size"), isTurned);
    }

    // Skia writes each dash as a filled shape.
    private static Line ToLine(XElement path)
    {
        string? stroke = (string?)path.Attribute("stroke");
        return new Line(stroke ?? (string)path.Attribute("fill")!, stroke is null, Pieces(path));
    }

    private static (double X, double Y)[][] Pieces(XElement path) =>
    [
        .. ((string)path.Attribute("d")!).Split('M', StringSplitOptions.RemoveEmptyEntries)
            .Select(piece => Numbers(piece).Chunk(2).Select(pair => (pair[0], pair[1])).ToArray()),
    ];

    private static IEnumerable<double> Numbers(string text) =>
        Decimal().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    private static double Number(XElement element, string attribute) =>
        double.Parse((string?)element.Attribute(attribute) ?? "0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+(\.\d+)?(e-?\d+)?")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^−?[\d,.]+(e−?\d+)?$")]
    private static partial Regex Numeral();

    /// <summary>Where a text begins, on its base line.</summary>
    internal sealed record Text(string Content, double X, double Y, double Size, bool IsTurned)
    {
        /// <summary>About where it ends in a font of wide letters.</summary>
        public double Right => IsTurned ? X : X + (Size * Content.EnumerateRunes().Sum(WidthInEm));

        private static double WidthInEm(Rune letter) => letter.Value switch
        {
            'W' or 'm' or 'w' or '…' or > 0x2E80 => 1,
            '−' or '+' or (>= 'A' and <= 'Z') => 0.8,
            'f' or 'i' or 'j' or 'l' or 'r' or 't' or ',' or '.' or ':' or ' ' => 0.4,
            _ => 0.64,
        };
    }

    internal sealed record Line(string Color, bool IsDashed, (double X, double Y)[][] Pieces)
    {
        public IEnumerable<(double X, double Y)> Points => Pieces.SelectMany(piece => piece);
    }

    internal sealed record Box(double Left, double Top, double Right, double Bottom)
    {
        public bool Holds((double X, double Y) point) => point.X >= Left && point.X <= Right && point.Y >= Top && point.Y <= Bottom;
    }
}
