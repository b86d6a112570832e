using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.LegendLayouts;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using SkiaSharp;

namespace Vae.Core.Imaging;

/// <summary>An axis of a figure.</summary>
/// <param name="Label">What it measures, with the unit; may have several lines.</param>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends, above <paramref name="Low"/>.</param>
/// <param name="Ticks">Where it has ticks, and what these are called.</param>
internal sealed record ChartAxis(string Label, double Low, double High, ITickGenerator Ticks);

/// <summary>A line of a figure and its entry in the legend; a value of NaN is a gap.</summary>
internal sealed record ChartLine(string Name, Color Color, double[] Xs, double[] Ys, bool IsDashed, bool HasMarkers);

/// <summary>Lines over two axes, with the legend below, where it hides none of them.</summary>
internal sealed partial record Chart(string Title, ChartAxis Horizontal, ChartAxis Vertical, IReadOnlyList<ChartLine> Lines)
{
    // More never fits.
    private const int LongestTitle = 500;

    // Stands on Windows and macOS, where the fonts of the system are found. Elsewhere there may be none, or none that is found.
    private const string NamedFont = "Verdana";

    private const string Ellipsis = "…";

    // What numbers are made of.
    private const string Numerals = "0123456789,.e+−";

    /// <summary>A number on an axis, short whatever its size.</summary>
    public static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 1e6 ? "0.###e0" : "#,0.######", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>The figure as an SVG document.</summary>
    public string ToSvg(int width, int height)
    {
        string title = Printable(Title);
        using SKTypeface? font = OperatingSystem.IsLinux()
            ? PlotFont.For(string.Concat([title, Ellipsis, Horizontal.Label, Vertical.Label, Numerals, .. Lines.Select(line => line.Name)]))
            : null;
        using Plot plot = new();
        Dress(plot.Axes.Title.Label, font, 16);
        plot.Axes.Title.Label.Text = Fit(plot.Axes.Title.Label, title, width);
        Show(plot.Axes.Bottom, Horizontal, font);
        Show(plot.Axes.Left, Vertical, font);
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        ((AxisBase)plot.Axes.Left).PaddingBetweenTickAndAxisLabels = new PixelPadding(9, 3); // or the label touches long numbers
        plot.Axes.SetLimits(Horizontal.Low, Horizontal.High, Vertical.Low, Vertical.High);
        foreach (ChartLine line in Lines)
        {
            Draw(plot, line, font);
        }

        if (Lines.Count > 0)
        {
            ShowLegend(plot, width);
        }

        return AsOneText().Replace(Render(plot, width, height), "")
            .Replace($"\"{NamedFont}\"", $"\"{PlotFont.Families}\"", StringComparison.Ordinal);
    }

    // Plot.GetSvgXml does the same, but paints a picture for the layout, which it leaves to the finalizer.
    private static string Render(Plot plot, int width, int height)
    {
        using (SKNoDrawCanvas layout = new(width, height))
        {
            plot.Render(layout, width, height);
        }

        plot.RenderManager.ClearCanvasBeforeEachRender = false; // would be a black rectangle under the white one
        using MemoryStream svg = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(width, height), svg))
        {
            plot.Render(canvas, width, height);
        }

        return Encoding.UTF8.GetString(svg.ToArray());
    }

    /// <summary>The text on one line, without what XML has no way to write.</summary>
    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Take(LongestTitle)
        .Select(rune => Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? new Rune(' ') : rune));

    private static string Fit(LabelStyle label, string text, int width)
    {
        using Paint paint = Paint.NewDisposablePaint();
        string fitting = text;
        for (Rune[] runes = [.. text.EnumerateRunes()]; label.Measure(fitting, paint).Size.Width > width; runes = runes[..^1])
        {
            fitting = $"{string.Concat(runes[..^1])}{Ellipsis}";
        }

        return fitting;
    }

    private static void Dress(LabelStyle label, SKTypeface? font, float size)
    {
        label.Font = font;
        label.FontName = NamedFont;
        label.FontSize = size;
        label.Bold = false;
    }

    private static void Show(IAxis axis, ChartAxis wanted, SKTypeface? font)
    {
        axis.Label.Text = wanted.Label;
        axis.TickGenerator = wanted.Ticks;
        Dress(axis.Label, font, 13);
        Dress(axis.TickLabelStyle, font, 12);
    }

    private static void Draw(Plot plot, ChartLine line, SKTypeface? font)
    {
        Scatter scatter = plot.Add.ScatterLine(line.Xs, line.Ys, line.Color);
        scatter.LineWidth = 1.8f;
        scatter.LinePattern = line.IsDashed ? LinePattern.DenselyDashed : LinePattern.Solid;
        // A filled marker is drawn with the dashes of its line still set, at which SkiaSharp complains to standard error.
        scatter.MarkerStyle = line.HasMarkers
            ? new MarkerStyle(line.IsDashed ? MarkerShape.OpenCircle : MarkerShape.FilledCircle, 5, line.Color) { LineWidth = 1.2f }
            : MarkerStyle.None;
        scatter.MarkerStyle.IsVisible = line.HasMarkers;
        LegendItem entry = new() { LabelText = line.Name, LineStyle = scatter.LineStyle, MarkerStyle = scatter.MarkerStyle };
        Dress(entry.LabelStyle, font, 12);
        plot.Legend.ManualItems.Add(entry);
    }

    private static void ShowLegend(Plot plot, int width)
    {
        plot.Legend.DisplayPlottableLegendItems = false;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.Layout = new RowsWithin(width);
        plot.Legend.GetImage().Dispose(); // the panel is as large as the legend was last, and would leave this picture to the finalizer
        LegendPanel panel = plot.ShowLegend(Edge.Bottom);
        panel.Padding = new PixelPadding(0, 0, 6, 6);
    }

    // The letters' places are those of the font that was measured; without them the viewer sets the text as its own font wants.
    [GeneratedRegex("(?<=<text [^>]* [xy]=\"[^\",]*),[^\"]*")]
    private static partial Regex AsOneText();

    /// <summary>Rows as wide as the figure; what a panel asks for by itself is one row.</summary>
    private sealed class RowsWithin(float width) : ILegendLayout
    {
        public LegendLayout GetLayout(Legend legend, LegendItem[] items, PixelSize maxSize, Paint paint) =>
            new Wrapping().GetLayout(legend, items, new PixelSize(width, float.MaxValue), paint);
    }
}
