using Vae.Core.Data.Digits;

namespace Vae.Core.Tests.Data.Digits;

public class DrawingTests
{
    [Fact]
    public void The_portable_sine_and_cosine_are_right_to_nine_digits()
    {
        for (double turns = -3; turns < 3; turns += 0.0013)
        {
            Assert.Equal(Math.Sin(2 * Math.PI * turns), PortableMath.SinTurns(turns), 1e-9);
            Assert.Equal(Math.Cos(2 * Math.PI * turns), PortableMath.CosTurns(turns), 1e-9);
        }
    }

    [Fact]
    public void The_bell_has_mean_0_and_deviation_1()
    {
        RandomSequence random = new RandomStream(3, RandomPurpose.Digits).Sequence(0, 0);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextBell())];
        Assert.Equal(0, values.Average(), 0.015);
        Assert.Equal(1, values.Average(value => value * value), 0.02);
        Assert.All(values, value => Assert.InRange(value, -3.4642, 3.4642));
    }

    [Fact]
    public void A_stroke_passes_through_its_points_and_begins_once()
    {
        ControlPoint[] control = [new(0, 0, false), new(3, 4, false), new(10, 4, true), new(2, -5, false)];
        StrokePath path = new();
        path.AddStroke(control);
        path.AddStroke(control);
        PathPoint[] points = path.Points.ToArray();
        Assert.All(control, point => Assert.Equal(2, points.Count(p => Math.Abs(p.X - point.X) + Math.Abs(p.Y - point.Y) < 1e-12)));
        Assert.Equal([0, points.Length / 2], Enumerable.Range(0, points.Length).Where(i => points[i].Begins));
        Assert.Equal((0.0, 1.0), (points[0].Along, points[^1].Along));
    }

    [Fact]
    public void A_stroke_turns_sharply_at_corners_only()
    {
        Assert.InRange(LargestTurn(corner: false), 0, 45);
        Assert.InRange(LargestTurn(corner: true), 80, 100);
    }

    [Fact]
    public void A_stroke_whose_points_fall_together_stays_finite()
    {
        StrokePath path = new();
        path.AddStroke([new(1, 1, false), new(1, 1, false), new(1, 1, false)]);
        Assert.All(path.Points.ToArray(), point => Assert.Equal((1.0, 1.0), (Math.Round(point.X, 9), Math.Round(point.Y, 9))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void The_pen_leaves_the_ink_of_its_shape(double length)
    {
        const double Radius = 3;
        Pen pen = new();
        pen.Clear();
        pen.Line(10.3, 14.2, Radius, 10.3 + length, 14.2, Radius);
        byte[] image = new byte[784];
        pen.Write(image);
        double area = (Math.PI * Radius * Radius) + (2 * Radius * length);
        Assert.Equal(area, image.Sum(pixel => pixel / 255.0), 0.03 * area);
    }

    [Fact]
    public void Ink_over_ink_is_no_darker_and_a_cleared_pen_leaves_none()
    {
        Pen pen = new();
        byte[] once = new byte[784], twice = new byte[784];
        pen.Clear();
        pen.Line(5, 5, 1.2, 20, 22, 1.4);
        pen.Write(once);
        pen.Line(5, 5, 1.2, 20, 22, 1.4);
        pen.Write(twice);
        Assert.Equal(once, twice);
        pen.Clear();
        pen.Write(twice);
        Assert.All(twice, pixel => Assert.Equal(0, pixel));
    }

    [Fact]
    public void A_line_that_leaves_the_field_is_cut()
    {
        Pen pen = new();
        byte[] image = new byte[784];
        pen.Clear();
        pen.Line(-40, 14, 2, 90, 14, 2);
        pen.Line(-40, -40, 2, -30, -30, 2);
        pen.Write(image);
        Assert.Equal(255, image[14 * 28]);
        Assert.Equal(255, image[(14 * 28) + 27]);
        Assert.Equal(0, image[0]);
    }

    [Fact]
    public void Every_shape_fills_the_height_of_a_digit_around_its_middle()
    {
        for (int digit = 0; digit < DigitDrawer.Classes; digit++)
        {
            Assert.All(DigitShapes.ByDigit[digit], shape =>
            {
                double[] heights = [.. shape.Strokes.SelectMany(stroke => stroke).Select(point => point.Y)];
                Assert.InRange(heights.Min(), -10, -9.4);
                Assert.InRange(heights.Max(), 9.4, 10);
                Assert.All(shape.Strokes, stroke => Assert.True(stroke.Length > 1, "a stroke of one point"));
            });
        }
    }

    [Fact]
    public void Every_shape_is_drawn_as_often_as_its_weight_says()
    {
        RandomSequence random = new RandomStream(5, RandomPurpose.Digits).Sequence(0, 0);
        DigitShape[] shapes = DigitShapes.ByDigit[7];
        ILookup<DigitShape, DigitShape> drawn = Enumerable.Range(0, 14_000)
            .Select(_ => DigitShapes.Choose(7, random))
            .ToLookup(shape => shape);
        double total = shapes.Sum(shape => shape.Weight);
        Assert.All(shapes, shape => Assert.Equal(shape.Weight / total, drawn[shape].Count() / 14_000.0, 0.02));
    }

    /// <summary>The largest angle in degrees between two pieces of a path that turns by 90° in the middle.</summary>
    private static double LargestTurn(bool corner)
    {
        StrokePath path = new();
        path.AddStroke([new(-10, 0, false), new(0, 0, corner), new(0, 10, false)]);
        PathPoint[] points = path.Points.ToArray();
        double largest = 0;
        for (int i = 1; i + 1 < points.Length; i++)
        {
            double before = Math.Atan2(points[i].Y - points[i - 1].Y, points[i].X - points[i - 1].X);
            double after = Math.Atan2(points[i + 1].Y - points[i].Y, points[i + 1].X - points[i].X);
            largest = Math.Max(largest, Math.Abs(after - before) * 180 / Math.PI);
        }

        return largest;
    }
}
