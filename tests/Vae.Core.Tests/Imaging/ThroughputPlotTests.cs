using Vae.Benchmarks;

namespace Vae.Core.Tests.Imaging;

public class ThroughputPlotTests
{
    [Fact]
    public void A_doubling_is_the_same_distance_everywhere_and_the_limit_is_dashed()
    {
        ThroughputSeries ours = new("vae", [new(20, 8000), new(40, 16_000), new(80, 32_000)]);
        ThroughputSeries floor = new("floor", [new(20, 16_000), new(80, 64_000)], IsLimit: true);
        SvgFigure figure = new(ThroughputPlot.Render([ours, floor], "a machine"));
        (double X, double Y)[] points = figure.Markers[..3];
        Assert.Equal(points[1].X - points[0].X, points[2].X - points[1].X, 0.1);
        Assert.Equal(points[1].Y - points[0].Y, points[2].Y - points[1].Y, 0.1);
        Assert.True(points[1].Y < points[0].Y, "faster is higher");
        Assert.Equal([false, true], figure.Lines.Select(line => line.IsDashed));
        Assert.Contains(figure.Texts, text => text.Content == "vae: 8,000 images/s at 20, 32,000 at 80");
    }

    [Fact]
    public void Ticks_are_the_batch_sizes_and_doublings_of_a_thousand_images()
    {
        SvgFigure figure = new(ThroughputPlot.Render([new("vae", [new(20, 20_000), new(512, 22_500)])], "a machine"));
        Assert.Equal(["20", "512"], figure.TicksBelow);
        Assert.Equal(["16,000", "32,000"], figure.TicksBeside);
    }

    [Fact]
    public void No_point_lies_under_the_legend()
    {
        ThroughputSeries[] series =
        [
            new("vae", [new(20, 20_000), new(512, 21_000)]), new("PyTorch", [new(20, 19_000), new(512, 20_000)]),
            new("matrix products alone", [new(20, 22_000), new(512, 22_500)], IsLimit: true),
        ];
        SvgFigure figure = new(ThroughputPlot.Render(series, "a machine"));
        Assert.Equal(3, figure.Legend.Length);
        Assert.All(figure.Legend, text => Assert.InRange(text.Y - text.Size, figure.Frame.Bottom, figure.Height));
        Assert.All(figure.Legend, text => Assert.InRange(text.Right, 0, figure.Width));
        Assert.All(figure.Markers, marker => Assert.True(figure.Frame.Holds(marker)));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(20, 0)]
    [InlineData(20, double.NaN)]
    public void A_value_without_a_logarithm_is_refused(int batch, double imagesPerSecond) =>
        Assert.Throws<ArgumentException>(() => ThroughputPlot.Render([new("vae", [new(batch, imagesPerSecond)])], "a machine"));
}
