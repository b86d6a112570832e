using System.Globalization;
using System.Xml.Linq;
using Vae.Core.Imaging;

namespace Vae.Core.Tests.Imaging;

public class LossPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<int> Lengths => [0, 1, 2, 20, 500];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Any_number_of_epochs_gives_a_well_formed_figure(int epochs)
    {
        XElement root = Render([.. Course(epochs)]);
        Assert.Equal(Svg + "svg", root.Name);
    }

    [PlotShimFact]
    public void The_figure_names_its_axes_with_units()
    {
        XElement root = XDocument.Parse(LossPlot.Render([.. Course(20)], "digits <1>")).Root!;
        Assert.Equal("digits <1>", Class(root, "title").Value);
        Assert.Equal("epoch", Class(root, "x-title").Value);
        Assert.Equal("nats per image", Class(root, "y-title").Value);
    }

    [PlotShimFact]
    public void Each_quantity_has_one_colour_solid_for_training_and_dashed_for_validation()
    {
        List<LossPoint> points = [.. Course(20)];
        XElement root = Render(points);
        string[] legend = [.. Class(root, "legend").Elements(Svg + "text").Select(text => text.Value)];
        Assert.Equal(
            [
                Entry("−ELBO, train", -points[^1].TrainElbo), Entry("−ELBO, validation", -points[^1].ValidationElbo!.Value),
                Entry("−reconstruction, train", -points[^1].TrainReconstruction),
                Entry("−reconstruction, validation", -points[^1].ValidationReconstruction!.Value),
                Entry("KL, train", points[^1].TrainKl), Entry("KL, validation", points[^1].ValidationKl!.Value),
            ],
            legend);
        XElement[] lines = [.. Class(root, "data").Elements(Svg + "path")];
        Assert.Equal(6, lines.Length);
        for (int i = 0; i < 6; i += 2)
        {
            Assert.Equal((string?)lines[i].Attribute("stroke"), (string?)lines[i + 1].Attribute("stroke"));
            Assert.Equal("none", (string?)lines[i].Attribute("stroke-dasharray"));
            Assert.NotEqual("none", (string?)lines[i + 1].Attribute("stroke-dasharray"));
        }

        Assert.Equal(3, lines.Select(line => (string?)line.Attribute("stroke")).Distinct().Count());
    }

    [PlotShimFact]
    public void Without_validation_there_are_three_lines()
    {
        IEnumerable<LossPoint> points = Course(5)
            .Select(point => point with { ValidationElbo = null, ValidationReconstruction = null, ValidationKl = null });
        XElement root = Render([.. points]);
        Assert.Equal(3, Class(root, "data").Elements(Svg + "path").Count());
        Assert.DoesNotContain("validation", Class(root, "legend").Value, StringComparison.Ordinal);
    }

    [PlotShimFact]
    public void A_first_epoch_far_off_does_not_squash_the_rest()
    {
        List<LossPoint> points = [.. Course(20)];
        double ordinary = HighestTick(points);
        points[0] = new LossPoint(1, -5000, -4990, 10, -4000, -3990, 10);
        Assert.InRange(HighestTick(points), 100, 1.5 * ordinary);
        // Where the model has not settled, the whole course matters.
        Assert.InRange(HighestTick(points[..1]), 4900, 9000);
    }

    [PlotShimFact]
    public void The_legend_hides_no_point()
    {
        foreach (int epochs in new[] { 1, 2, 3, 10, 20, 100 })
        {
            XElement root = Render([.. Course(epochs)]);
            XElement box = Class(root, "legend").Element(Svg + "rect")!;
            (double left, double top) = (Number(box, "x"), Number(box, "y"));
            (double right, double bottom) = (left + Number(box, "width"), top + Number(box, "height"));
            foreach ((double x, double y) in Class(root, "data").Elements(Svg + "path").SelectMany(Points))
            {
                Assert.False(x >= left && x <= right && y >= top && y <= bottom, $"{epochs} epochs: the legend covers {x}, {y}");
            }
        }
    }

    [PlotShimFact]
    public void A_value_that_is_not_finite_leaves_a_gap_and_the_last_finite_one_in_the_legend()
    {
        List<LossPoint> points = [.. Course(4), new LossPoint(5, double.NaN, double.NegativeInfinity, double.PositiveInfinity)];
        XElement root = Render(points);
        Assert.Contains(Entry("−ELBO, train", -points[3].TrainElbo), Class(root, "legend").Value, StringComparison.Ordinal);
        Assert.Equal(4, Points(Class(root, "data").Elements(Svg + "path").First()).Count());
        Assert.Empty(Class(Render([new LossPoint(1, double.NaN, double.NaN, double.NaN)]), "data").Elements());
    }

    [PlotShimFact]
    public void Few_epochs_have_markers_and_ticks_on_whole_numbers()
    {
        XElement root = Render([.. Course(2)]);
        Assert.Equal(12, Class(root, "data").Elements(Svg + "circle").Count());
        Assert.All(Class(root, "x-labels").Elements(), label => Assert.DoesNotContain('.', label.Value));
        Assert.Empty(Class(Render([.. Course(100)]), "data").Elements(Svg + "circle"));
    }

    private static IEnumerable<LossPoint> Course(int epochs)
    {
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            double kl = 25 * (1 - Math.Exp(-epoch / 2.0));
            double reconstruction = -78 - (80 * Math.Exp(-epoch / 2.0));
            yield return new LossPoint(epoch, reconstruction - kl, reconstruction, kl, reconstruction - kl - 2, reconstruction - 1.9, kl + 0.1);
        }
    }

    private static XElement Render(IReadOnlyList<LossPoint> points) => XDocument.Parse(LossPlot.Render(points, "a run")).Root!;

    private static string Entry(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}: {value:F1}");

    private static XElement Class(XElement root, string name) =>
        root.Descendants().Single(element => (string?)element.Attribute("class") == name);

    private static double HighestTick(IReadOnlyList<LossPoint> points) =>
        Class(Render(points), "y-labels").Elements().Max(text => double.Parse(text.Value.Replace('−', '-'), CultureInfo.InvariantCulture));

    private static double Number(XElement element, string attribute) =>
        double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);

    private static IEnumerable<(double X, double Y)> Points(XElement path) =>
        ((string)path.Attribute("d")!).Split(['M', 'L', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))
            .Chunk(2)
            .Select(pair => (pair[0], pair[1]));
}

/// <summary>A fact about figures as the shim of ScottPlot draws them, skipped where ScottPlot comes from its package.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PlotShimFactAttribute : FactAttribute
{
    public PlotShimFactAttribute()
    {
        if (typeof(ScottPlot.Plot).Assembly.GetName().Version!.Major >= 5)
        {
            Skip = "ScottPlot comes from its package here.";
        }
    }
}
