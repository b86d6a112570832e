using System.Xml.Linq;
using Vae.Core.Imaging;

namespace Vae.Core.Tests.Imaging;

public class ThroughputPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [PlotShimFact]
    public void A_doubling_is_the_same_distance_everywhere_and_the_limit_is_dashed()
    {
        ThroughputSeries ours = new("vae", [new(20, 8000), new(40, 16_000), new(80, 32_000)]);
        ThroughputSeries floor = new("floor", [new(20, 16_000), new(80, 64_000)], IsLimit: true);
        XElement root = XDocument.Parse(ThroughputPlot.Render([ours, floor], "a machine")).Root!;
        XElement data = Class(root, "data");
        (double X, double Y)[] points =
            [.. data.Elements(Svg + "circle").Take(3).Select(circle => (Number(circle, "cx"), Number(circle, "cy")))];
        Assert.Equal(points[1].X - points[0].X, points[2].X - points[1].X, 0.1);
        Assert.Equal(points[1].Y - points[0].Y, points[2].Y - points[1].Y, 0.1);
        Assert.True(points[1].Y < points[0].Y, "faster is higher");
        XElement[] lines = [.. data.Elements(Svg + "path")];
        Assert.Equal("none", (string?)lines[0].Attribute("stroke-dasharray"));
        Assert.NotEqual("none", (string?)lines[1].Attribute("stroke-dasharray"));
        Assert.Contains("vae: 8,000 images/s at 20, 32,000 at 80", Class(root, "legend").Value, StringComparison.Ordinal);
    }

    [PlotShimFact]
    public void No_point_lies_under_the_legend()
    {
        ThroughputSeries[] series =
        [
            new("vae", [new(20, 20_000), new(512, 21_000)]), new("PyTorch", [new(20, 19_000), new(512, 20_000)]),
            new("matrix products alone", [new(20, 22_000), new(512, 22_500)], IsLimit: true),
        ];
        XElement root = XDocument.Parse(ThroughputPlot.Render(series, "a machine")).Root!;
        XElement box = Class(root, "legend").Element(Svg + "rect")!;
        double bottom = Number(box, "y") + Number(box, "height");
        Assert.All(Class(root, "data").Elements(Svg + "circle"), circle => Assert.True(Number(circle, "cy") > bottom));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(20, 0)]
    [InlineData(20, double.NaN)]
    public void A_value_without_a_logarithm_is_refused(int batch, double imagesPerSecond) =>
        Assert.Throws<ArgumentException>(() => ThroughputPlot.Render([new("vae", [new(batch, imagesPerSecond)])], "a machine"));

    private static XElement Class(XElement root, string name) =>
        root.Descendants().Single(element => (string?)element.Attribute("class") == name);

    private static double Number(XElement element, string attribute) =>
        double.Parse((string)element.Attribute(attribute)!, System.Globalization.CultureInfo.InvariantCulture);
}
