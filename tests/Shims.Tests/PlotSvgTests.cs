using System.Globalization;
using System.Xml.Linq;
using ScottPlot;
using ScottPlot.Plottables;

namespace Shims.Tests;

public class PlotSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [PlotShimFact]
    public void A_figure_is_well_formed_and_has_the_size_asked_for()
    {
        XElement root = Render(Sample(), 640, 480);
        Assert.Equal(Svg + "svg", root.Name);
        Assert.Equal("640", (string?)root.Attribute("width"));
        Assert.Equal("480", (string?)root.Attribute("height"));
        Assert.Equal("0 0 640 480", (string?)root.Attribute("viewBox"));
    }

    [PlotShimFact]
    public void Titles_are_escaped_and_the_y_label_is_turned()
    {
        Plot plot = Sample();
        plot.Title("a < b & \"c\" \u0001 \ud800");
        plot.XLabel("x > 0");
        plot.YLabel("y", 20);
        XElement root = Render(plot);
        Assert.Equal("a < b & \"c\" \ufffd \ufffd", Class(root, "title").Value);
        Assert.Equal("x > 0", Class(root, "x-title").Value);
        Assert.StartsWith("rotate(-90 ", (string?)Class(root, "y-title").Attribute("transform"), StringComparison.Ordinal);
        Assert.Equal("20", (string?)Class(root, "y-title").Attribute("font-size"));
    }

    [PlotShimFact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        string expected = Sample().GetSvgXml(700, 400);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal(expected, Sample().GetSvgXml(700, 400));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [PlotShimFact]
    public void Ticks_are_round_and_lie_within_the_axis()
    {
        foreach ((double low, double high) in new[]
        {
            (0.0, 1.0), (0.0, 20.0), (-103.7, -81.2), (0.001234, 0.001311), (-3e9, 5e9), (99.99, 100.01), (0.0, 7e-12), (-1e300, 1e300),
        })
        {
            double[] ticks = [.. TickValues(low, high)];
            Assert.InRange(ticks.Length, 3, 12);
            double step = ticks[1] - ticks[0];
            double digit = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-6));
            Assert.Contains(new[] { 1.0, 2.0, 5.0 }, round => Math.Abs(digit - round) < 1e-3);
            Assert.All(ticks, tick => Assert.InRange(tick, low - (1e-6 * step), high + (1e-6 * step)));
            Assert.All(ticks, tick => Assert.Equal(0, Math.Abs(Math.IEEERemainder(tick, step)) / step, 1e-3));
        }
    }

    [PlotShimFact]
    public void Tick_labels_have_no_more_digits_than_needed()
    {
        Assert.Equal(["0", "5", "10", "15", "20"], TickLabels(0, 20, 500));
        Assert.Equal(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], TickLabels(0, 1, 600));
        Assert.Equal(["−1", "0", "1"], TickLabels(-1, 1, 300));
        Assert.Equal(["0", "0.5×10⁻⁸", "1.0×10⁻⁸", "1.5×10⁻⁸", "2.0×10⁻⁸"], TickLabels(0, 2e-8, 400));
    }

    [PlotShimFact]
    public void A_line_breaks_at_points_that_are_not_finite()
    {
        Plot plot = new();
        plot.Add.ScatterLine([1, 2, 3, 4, 5, 6], [1, 2, double.NaN, 4, 5, double.PositiveInfinity]);
        string path = (string)Class(Render(plot), "data").Element(Svg + "path")!.Attribute("d")!;
        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(2, path.Count(c => c == 'L'));
    }

    [PlotShimFact]
    public void A_lone_point_shows_as_a_dot_and_no_points_give_an_empty_figure()
    {
        Plot plot = new();
        plot.Add.ScatterLine([3], [4]);
        Assert.Single(Class(Render(plot), "data").Elements());
        Assert.Equal("circle", Class(Render(plot), "data").Elements().Single().Name.LocalName);

        Plot empty = new();
        empty.Add.Scatter([], []);
        empty.Add.Scatter([1], [double.NaN]);
        Assert.Empty(Class(Render(empty), "data").Elements());
        Assert.NotEmpty(Class(Render(empty), "x-labels").Elements());
    }

    [PlotShimFact]
    public void Points_land_where_the_axes_say()
    {
        Plot plot = new();
        plot.Add.ScatterPoints([0, 10, 5], [0, 10, 2]);
        plot.Axes.SetLimits(0, 10, 0, 10);
        XElement root = Render(plot);
        (double left, double top, double width, double height) = Frame(root);
        (double X, double Y)[] points = [.. Class(root, "data").Elements(Svg + "circle").Select(c => (Number(c, "cx"), Number(c, "cy")))];
        Assert.Equal((left, top + height), points[0], Close);
        Assert.Equal((left + width, top), points[1], Close);
        Assert.Equal((left + (width / 2), top + (0.8 * height)), points[2], Close);
    }

    [PlotShimFact]
    public void The_legend_names_the_lines_and_stands_where_asked()
    {
        Plot plot = Sample();
        Assert.DoesNotContain(Render(plot).Descendants(), element => (string?)element.Attribute("class") == "legend");
        foreach (Alignment alignment in Enum.GetValues<Alignment>())
        {
            plot.ShowLegend(alignment);
            XElement root = Render(plot);
            XElement legend = Class(root, "legend");
            Assert.Equal(["train", "validation"], legend.Elements(Svg + "text").Select(text => text.Value));
            XElement box = legend.Element(Svg + "rect")!;
            (double left, double top, double width, double height) = Frame(root);
            double across = (Number(box, "x") + (Number(box, "width") / 2) - left) / width;
            double down = (Number(box, "y") + (Number(box, "height") / 2) - top) / height;
            Assert.Equal((int)alignment % 3, (int)(across * 3));
            Assert.Equal((int)alignment / 3, (int)(down * 3));
            Assert.InRange(Number(box, "x"), left, left + width - Number(box, "width"));
            Assert.InRange(Number(box, "y"), top, top + height - Number(box, "height"));
        }
    }

    [PlotShimFact]
    public void Colours_follow_category_10_unless_given()
    {
        Plot plot = new();
        Scatter first = plot.Add.ScatterLine([0, 1], [0, 1]);
        Scatter second = plot.Add.ScatterLine([0, 1], [0, 1], Colors.C5);
        Scatter third = plot.Add.ScatterLine([0, 1], [0, 1]);
        Assert.Equal([Colors.C0, Colors.C5, Colors.C1], [first.Color, second.Color, third.Color]);
        second.LinePattern = LinePattern.Dashed;
        second.LineWidth = 2.5f;
        XElement path = Class(Render(plot), "data").Elements(Svg + "path").ElementAt(1);
        Assert.Equal("#8c564b", (string?)path.Attribute("stroke"));
        Assert.Equal("10 10", (string?)path.Attribute("stroke-dasharray"));
        Assert.Equal("2.5", (string?)path.Attribute("stroke-width"));
    }

    [PlotShimFact]
    public void Saving_writes_the_same_bytes_and_tells_how_many()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".svg");
        try
        {
            SavedImageInfo saved = Sample().SaveSvg(path, 300, 200);
            Assert.Equal(Sample().GetSvgXml(300, 200), File.ReadAllText(path));
            Assert.Equal(new FileInfo(path).Length, saved.FileSize);
            Assert.Equal(path, saved.Path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [PlotShimFact]
    public void Wrong_arguments_are_refused()
    {
        Plot plot = new();
        Assert.Throws<ArgumentException>(() => plot.Add.ScatterLine([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => plot.Axes.SetLimitsX(double.NaN, 1));
        Assert.Throws<ArgumentException>(() => Color.FromHex("#12"));
        Assert.Throws<ArgumentOutOfRangeException>(() => plot.GetSvgXml(0, 10));
    }

    [PlotShimFact]
    public void The_smallest_figure_and_extreme_values_still_render()
    {
        Plot plot = new();
        plot.Add.Scatter([double.MinValue, double.MaxValue], [double.Epsilon, double.MaxValue]);
        plot.Add.Scatter([1], [1]);
        foreach ((int width, int height) in new[] { (1, 1), (50, 20), (4000, 3000) })
        {
            Assert.DoesNotContain("NaN", Render(plot, width, height).ToString(), StringComparison.Ordinal);
        }
    }

    private static Plot Sample()
    {
        Plot plot = new();
        plot.Add.ScatterLine([0.5, 1.5, 2.25], [1.25, -2.5, 1]).LegendText = "train";
        plot.Add.Scatter([0, 1, 2], [0, 1, 4]).LegendText = "validation";
        plot.Title("A figure");
        return plot;
    }

    private static XElement Render(Plot plot, int width = 800, int height = 500) => XDocument.Parse(plot.GetSvgXml(width, height)).Root!;

    private static XElement Class(XElement root, string name) =>
        root.Descendants().Single(element => (string?)element.Attribute("class") == name);

    private static double Number(XElement element, string attribute) =>
        double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);

    private static (double Left, double Top, double Width, double Height) Frame(XElement root)
    {
        XElement frame = Class(root, "frame");
        return (Number(frame, "x"), Number(frame, "y"), Number(frame, "width"), Number(frame, "height"));
    }

    private static bool Close((double X, double Y) a, (double X, double Y) b) => Math.Abs(a.X - b.X) < 0.02 && Math.Abs(a.Y - b.Y) < 0.02;

    private static string[] TickLabels(double low, double high, int width)
    {
        Plot plot = new();
        plot.Axes.SetLimits(low, high, 0, 1);
        return [.. Class(Render(plot, width), "x-labels").Elements().Select(text => text.Value)];
    }

    private static IEnumerable<double> TickValues(double low, double high) => TickLabels(low, high, 800).Select(label =>
    {
        string[] parts = label.Replace('−', '-').Split("×10");
        IEnumerable<char> exponent = parts.Length == 1
            ? "0"
            : parts[1].Select(c => c == '⁻' ? '-' : (char)('0' + "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(c, StringComparison.Ordinal)));
        return double.Parse($"{parts[0]}e{string.Concat(exponent)}", CultureInfo.InvariantCulture);
    });
}
