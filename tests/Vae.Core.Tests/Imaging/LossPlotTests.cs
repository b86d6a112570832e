using System.Globalization;
using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Imaging;

public class LossPlotTests
{
    // The first epochs of `vae train --config digits`.
    private static readonly LossPoint[] Digits =
    [
        new(1, -140.48, -126.96, 13.52, -103.12, -85.15, 17.97), new(2, -96.09, -77.04, 19.05, -91.29, -71.52, 19.77),
        new(3, -88.50, -67.84, 20.66, -86.30, -65.35, 20.95),
    ];

    public static TheoryData<int> Lengths => [0, 1, 2, 20, 500, 10_000];

    public static TheoryData<double> Magnitudes =>
        [0, 1e-9, 1e-3, 1, 1e5, 123_456_789, 1e34, double.MaxValue, -1e34, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Any_number_of_epochs_gives_a_figure_of_the_size_asked_for(int epochs)
    {
        SvgFigure figure = Render([.. Course(epochs)]);
        Assert.Equal((840, 520), (figure.Width, figure.Height));
        Assert.Equal(epochs > 0 ? 6 : 0, figure.Legend.Length);
        AssertReadable(figure);
    }

    [Fact]
    public void The_figure_names_its_axes_with_units()
    {
        SvgFigure figure = new(LossPlot.Render([.. Course(20)], "digits <1> & 実験 𝔸"));
        string[] texts = [.. figure.Texts.Select(text => text.Content)];
        Assert.Contains("digits <1> & 実験 𝔸", texts);
        Assert.Contains("epoch", texts);
        Assert.Contains("nats per image", texts);
    }

    [Fact]
    public void Each_quantity_has_one_colour_solid_for_training_and_dashed_for_validation()
    {
        List<LossPoint> points = [.. Course(20)];
        SvgFigure figure = Render(points);
        Assert.Equal(
            [
                Entry("−ELBO, train", -points[^1].TrainElbo), Entry("−reconstruction, train", -points[^1].TrainReconstruction),
                Entry("KL, train", points[^1].TrainKl), Entry("−ELBO, validation", -points[^1].ValidationElbo!.Value),
                Entry("−reconstruction, validation", -points[^1].ValidationReconstruction!.Value),
                Entry("KL, validation", points[^1].ValidationKl!.Value),
            ],
            figure.Legend.Select(text => text.Content));
        Assert.Equal([false, false, false, true, true, true], figure.Lines.Select(line => line.IsDashed));
        Assert.Equal(figure.Lines[..3].Select(line => line.Color), figure.Lines[3..].Select(line => line.Color));
        Assert.Equal(3, figure.Lines.Select(line => line.Color).Distinct().Count());
    }

    [Fact]
    public void Without_validation_there_are_three_lines()
    {
        SvgFigure figure = Render(
            [.. Course(5).Select(point => point with { ValidationElbo = null, ValidationReconstruction = null, ValidationKl = null })]);
        Assert.Equal(3, figure.Lines.Length);
        Assert.DoesNotContain(figure.Legend, text => text.Content.Contains("validation", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_points_of_an_ordinary_run_lie_within_the_frame()
    {
        foreach (IReadOnlyList<LossPoint> points in new LossPoint[][] { Digits, [.. Course(20)], [.. Course(100)] })
        {
            SvgFigure figure = Render(points);
            Assert.All(
                figure.Lines.SelectMany(line => line.Points),
                point => Assert.True(figure.Frame.Holds(point), $"{point} in {figure.Frame}"));
            Assert.DoesNotContain(figure.Texts, text => text.Content.StartsWith("beyond", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_first_epoch_far_off_does_not_squash_the_rest_and_is_told()
    {
        List<LossPoint> points = [.. Course(20)];
        double ordinary = HighestTick(points);
        points[0] = new LossPoint(1, -5000, -4990, 10, -4000, -3990, 10);
        Assert.InRange(HighestTick(points), 100, 1.5 * ordinary);
        Assert.Contains(Render(points).Texts, text => text.Content == "beyond the scale: 4 values, 3990.0 to 5000.0, epoch 1");
        // Where there is nothing but these, they are the scale.
        Assert.InRange(HighestTick(points[..1]), 4900, 9000);
    }

    [Fact]
    public void A_run_that_diverges_at_its_end_keeps_the_scale_of_its_course()
    {
        List<LossPoint> points = [.. Course(20)];
        double ordinary = HighestTick(points);
        points[^1] = new LossPoint(20, -1.2345e34, -1.1e34, 1e33, -105, -80, 25);
        SvgFigure figure = Render(points);
        Assert.InRange(HighestTick(points), 100, 1.5 * ordinary);
        Assert.Contains(figure.Texts, text => text.Content == "beyond the scale: 3 values, 1.0e33 to 1.2e34, epoch 20");
        Assert.Contains(figure.Legend, text => text.Content == "−ELBO, train: 1.2e34");
        // Viewers stop at some millions of pixels.
        Assert.All(figure.Lines.SelectMany(line => line.Points), point => Assert.InRange(point.Y, -2000, 2000));
    }

    [Theory]
    [MemberData(nameof(Magnitudes))]
    public void Numbers_of_any_magnitude_stay_within_the_figure_and_apart(double nats)
    {
        AssertReadable(Render([.. Enumerable.Range(1, 5).Select(epoch => new LossPoint(epoch, -nats, -nats, nats, -nats, -nats, nats))]));
        AssertReadable(
            Render([.. Enumerable.Range(1, 5).Select(epoch => new LossPoint(epoch, -nats * epoch, -nats, 0, -100, -90, nats * epoch))]));
        AssertReadable(Render([new LossPoint(1, -nats, -nats, nats)]));
        AssertReadable(Render([.. Course(10), new LossPoint(11, -nats, -nats, nats)]));
    }

    [Fact]
    public void The_legend_hides_no_point()
    {
        foreach (int epochs in new[] { 1, 2, 3, 10, 20, 100 })
        {
            SvgFigure figure = Render([.. Course(epochs)]);
            Assert.All(
                figure.Legend, text => Assert.True(text.Y - text.Size > figure.Frame.Bottom, $"{epochs} epochs: {text} in {figure.Frame}"));
        }
    }

    [Fact]
    public void A_value_that_is_not_finite_leaves_a_gap_and_the_last_finite_one_in_the_legend()
    {
        List<LossPoint> points = [.. Course(4), new LossPoint(5, double.NaN, double.NegativeInfinity, double.PositiveInfinity)];
        SvgFigure figure = Render(points);
        Assert.Contains(figure.Legend, text => text.Content == Entry("−ELBO, train", -points[3].TrainElbo));
        Assert.Equal(4, figure.Lines[0].Points.Count());
        Assert.Equal("5", figure.TicksBelow[^1]);
        Assert.Empty(Render([new LossPoint(1, double.NaN, double.NaN, double.NaN)]).Lines);

        points = [.. Course(40)];
        points[20] = points[20] with { TrainElbo = double.NaN };
        Assert.Equal([20, 19], Render(points).Lines[0].Pieces.Select(piece => piece.Length));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1 2")]
    [InlineData(3, "1 2 3")]
    [InlineData(12, "1 2 3 4 5 6 7 8 9 10 11 12")]
    [InlineData(20, "2 4 6 8 10 12 14 16 18 20")]
    [InlineData(100, "10 20 30 40 50 60 70 80 90 100")]
    [InlineData(10_000, "1,000 2,000 3,000 4,000 5,000 6,000 7,000 8,000 9,000 10,000")]
    public void Ticks_are_whole_epochs_up_to_the_last(int epochs, string ticks) =>
        Assert.Equal(ticks.Split(' '), Render([.. Course(epochs)]).TicksBelow);

    [Fact]
    public void The_axis_ends_with_the_last_epoch()
    {
        SvgFigure figure = Render(Digits);
        Assert.InRange(figure.Frame.Right - figure.Lines.SelectMany(line => line.Points).Max(point => point.X), 0, 0.03 * figure.Width);
        Assert.InRange(figure.Lines.SelectMany(line => line.Points).Min(point => point.X) - figure.Frame.Left, 0, 0.03 * figure.Width);
    }

    [Fact]
    public void Measurements_within_an_epoch_lie_between_whole_ones()
    {
        SvgFigure figure = Render([Digits[0] with { Epoch = 0.25 }, Digits[1] with { Epoch = 0.75 }]);
        Assert.Equal(["0", "1"], figure.TicksBelow);
        Assert.Equal(figure.Frame.Left + (0.25 * (figure.Frame.Right - figure.Frame.Left)), figure.Markers.Min(marker => marker.X), 10.0);
    }

    [Fact]
    public void Few_epochs_have_markers_and_many_have_none()
    {
        Assert.Equal(12, Render([.. Course(2)]).Markers.Length);
        Assert.Empty(Render([.. Course(100)]).Markers);
    }

    [Fact]
    public void Ten_thousand_epochs_make_a_small_file_that_keeps_each_spike()
    {
        List<LossPoint> points = [.. Course(10_000)];
        points[7654] = points[7654] with { TrainElbo = -120 };
        string xml = LossPlot.Render(points, "a run");
        Assert.InRange(xml.Length, 1, 200_000);
        (double X, double Y)[] settled = [.. new SvgFigure(xml).Lines[0].Points.Where(point => point.X > 420)];
        Assert.InRange(settled.Max(point => point.Y) - settled.Min(point => point.Y), 30, 80); // 17 nats at about 2.5 pixels each
    }

    [Fact]
    public void All_text_names_one_list_of_families_that_ends_with_a_general_one() =>
        Assert.Equal(["Verdana, DejaVu Sans, sans-serif"], Render([.. Course(20)]).Families);

    [Fact]
    public void Text_has_the_place_of_its_first_letter_alone() =>
        Assert.DoesNotMatch("<text [^>]* [xy]=\"[^\"]*,", LossPlot.Render([.. Course(20)], "a run"));

    [Fact]
    public void A_title_that_is_too_long_is_shortened_and_one_that_xml_cannot_write_is_cleaned()
    {
        foreach (string title in new[] { new string('W', 300), new string('実', 300), "a\u0001\uFFFE\uD800\nb" })
        {
            SvgFigure figure = new(LossPlot.Render(Digits, title));
            SvgFigure.Text shown = figure.Texts.MaxBy(text => text.Size)!;
            Assert.InRange(shown.X, 0, figure.Width / 2);
            Assert.Equal(figure.Width / 2, (figure.Frame.Left + figure.Frame.Right) / 2, 60.0);
            Assert.True(title.Length < 300 ? shown.Content == "a \uFFFD b" : shown.Content[^1] == '…', shown.Content);
        }
    }

    [Fact]
    public void The_language_of_the_system_changes_nothing()
    {
        List<LossPoint> points = [.. Enumerable.Range(1, 5).Select(epoch => new LossPoint(epoch, -1234.5 * epoch, -1000, 0.5))];
        string expected = WithoutIds(LossPlot.Render(points, "a run"));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = german;
            Assert.Equal(expected, WithoutIds(LossPlot.Render(points, "a run")));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<LossPoint> Course(int epochs)
    {
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            double kl = 25 * (1 - Math.Exp(-epoch / 2.0));
            double reconstruction = -78 - (80 * Math.Exp(-epoch / 2.0));
            yield return new LossPoint(
                epoch, reconstruction - kl, reconstruction, kl, reconstruction - kl - 2, reconstruction - 1.9, kl + 0.1);
        }
    }

    private static SvgFigure Render(IReadOnlyList<LossPoint> points) => new(LossPlot.Render(points, "a run"));

    private static string Entry(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}: {value:F1}");

    // Skia counts them through all figures of a process.
    private static string WithoutIds(string xml) => Regex.Replace(xml, "cl_[0-9a-f]+", "");

    private static double HighestTick(IReadOnlyList<LossPoint> points) =>
        Render(points).TicksBeside.Max(text => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture));

    /// <summary>No text leaves the figure, none runs into another, and those left of the frame end before it.</summary>
    private static void AssertReadable(SvgFigure figure)
    {
        foreach (SvgFigure.Text text in figure.Texts)
        {
            Assert.True(text.X >= 0 && text.Right <= figure.Width && text.Y >= 0 && text.Y <= figure.Height, $"{text}");
            Assert.True(text.Content.Length < 80, text.Content);
        }

        SvgFigure.Text[] upright = [.. figure.Texts.Where(text => !text.IsTurned)];
        foreach (SvgFigure.Text text in upright)
        {
            SvgFigure.Text? next = upright.Where(other => Math.Abs(other.Y - text.Y) < 0.5 * text.Size && other.X > text.X)
                .MinBy(other => other.X);
            Assert.True(next is null || text.Right < next.X, $"{text} runs into {next}");
        }

        SvgFigure.Text nats = figure.Texts.Single(text => text.IsTurned);
        double ticks = upright.Where(figure.IsBeside).Min(text => text.X);
        Assert.True(nats.X < ticks, $"{nats} runs into a tick at {ticks}");
    }
}
