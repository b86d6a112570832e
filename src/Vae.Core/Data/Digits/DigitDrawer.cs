using Vae.Core.Engine;

namespace Vae.Core.Data.Digits;

/// <summary>
/// Draws digits as handwriting looks in MNIST: white on black, about 20 pixels high in the middle of 28×28. Everything but additions,
/// multiplications, divisions and square roots of double precision is avoided, so that the pixels are the same on every machine.
/// One instance serves one thread.
/// </summary>
internal sealed class DigitDrawer
{
    /// <summary>The number of different digits.</summary>
    public const int Classes = 10;

    // How far a control point may lie from where its shape has it, in pixels of a digit 20 pixels high.
    private const double Jitter = 1;

    private const double Height = 20;

    private readonly StrokePath _path = new();
    private readonly Pen _pen = new();
    private ControlPoint[] _jittered = new ControlPoint[32];

    /// <summary>Draws one image and says which digit it shows.</summary>
    /// <param name="random">Decides everything about the image.</param>
    /// <param name="image">Becomes the pixels [28, 28].</param>
    /// <param name="factors">Becomes the factors [F] that <see cref="DigitStyle.FactorNames"/> names.</param>
    public int Draw(RandomSequence random, Span<byte> image, Span<float> factors)
    {
        int digit = random.NextBelow(Classes);
        DigitShape shape = DigitShapes.Choose(digit, random);
        DigitStyle style = DigitStyle.Draw(random);
        style.WriteFactors(factors);
        Trace(shape, random);
        Place(style);
        Ink(style);
        _pen.Write(image);
        return digit;
    }

    private void Trace(DigitShape shape, RandomSequence random)
    {
        _path.Clear();
        foreach (ControlPoint[] stroke in shape.Strokes)
        {
            if (_jittered.Length < stroke.Length)
            {
                _jittered = new ControlPoint[stroke.Length];
            }

            for (int i = 0; i < stroke.Length; i++)
            {
                double x = stroke[i].X + (Jitter * random.NextTriangular());
                double y = stroke[i].Y + (Jitter * random.NextTriangular());
                _jittered[i] = stroke[i] with { X = x, Y = y };
            }

            _path.AddStroke(_jittered.AsSpan(0, stroke.Length));
        }
    }

    /// <summary>Brings the path from the shape's coordinates to the image's.</summary>
    private void Place(in DigitStyle style)
    {
        // The height is that of the ink: half a pen's width lies outside the path at each end.
        double scaleY = style.Scale - (style.Thickness / Height);
        double scaleX = scaleY * style.Aspect;
        double turns = style.Rotation / (2 * Math.PI);
        double sin = PortableMath.SinTurns(turns), cos = PortableMath.CosTurns(turns);
        double left = double.MaxValue, right = double.MinValue, top = double.MaxValue, bottom = double.MinValue;
        Span<PathPoint> points = _path.Points;
        foreach (ref PathPoint point in points)
        {
            double y = scaleY * point.Y;
            double x = (scaleX * point.X) - (style.Slant * y);
            (x, y) = style.Wobble.Move((cos * x) - (sin * y), (sin * x) + (cos * y));
            point = point with { X = x, Y = y };
            left = Math.Min(left, x);
            right = Math.Max(right, x);
            top = Math.Min(top, y);
            bottom = Math.Max(bottom, y);
        }

        double moveX = (Pen.Side / 2.0) + style.ShiftX - ((left + right) / 2);
        double moveY = (Pen.Side / 2.0) + style.ShiftY - ((top + bottom) / 2);
        foreach (ref PathPoint point in points)
        {
            point = point with { X = point.X + moveX, Y = point.Y + moveY };
        }
    }

    private void Ink(in DigitStyle style)
    {
        _pen.Clear();
        Span<PathPoint> points = _path.Points;
        double radius = style.Thickness / 2;
        double before = 0;
        for (int i = 0; i < points.Length; i++)
        {
            PathPoint to = points[i];
            double here = radius * style.Pressure.At(to.Along);
            if (!to.Begins)
            {
                PathPoint from = points[i - 1];
                _pen.Line(from.X, from.Y, before, to.X, to.Y, here);
            }

            before = here;
        }
    }
}
