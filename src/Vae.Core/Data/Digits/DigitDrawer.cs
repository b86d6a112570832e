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

    private const int LongestStroke = 32;

    private readonly StrokePath _path = new();
    private readonly Pen _pen = new();

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
        Span<ControlPoint> jittered = stackalloc ControlPoint[LongestStroke];
        foreach (ControlPoint[] stroke in shape.Strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                double x = stroke[i].X + (Jitter * random.NextTriangular());
                double y = stroke[i].Y + (Jitter * random.NextTriangular());
                jittered[i] = stroke[i] with { X = x, Y = y };
            }

            _path.AddStroke(jittered[..stroke.Length]);
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

/// <summary>A place of the pen's centre.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
/// <param name="Along">0 where the stroke begins, 1 where it ends.</param>
/// <param name="Begins">Whether the pen is set down here.</param>
internal readonly record struct PathPoint(double X, double Y, double Along, bool Begins);

/// <summary>The pen's way through the control points of strokes as short straight pieces. Its memory serves the next digit too.</summary>
internal sealed class StrokePath
{
    private const int PiecesPerSegment = 6;

    private PathPoint[] _points = new PathPoint[128];
    private int _count;

    /// <summary>The points so far, to be read and moved.</summary>
    public Span<PathPoint> Points => _points.AsSpan(0, _count);

    public void Clear() => _count = 0;

    /// <summary>
    /// Adds a centripetal Catmull-Rom spline through the control points (Yuksel, Schaefer and Keyser 2011: it makes no cusps or loops of
    /// its own), as cubic Hermite segments.
    /// </summary>
    public void AddStroke(ReadOnlySpan<ControlPoint> control)
    {
        Add(new PathPoint(control[0].X, control[0].Y, 0, true));
        int segments = control.Length - 1;
        for (int i = 0; i < segments; i++)
        {
            ControlPoint from = control[i], to = control[i + 1];
            double length = Interval(from, to);
            (double startX, double startY) = i == 0 || from.IsCorner ? Chord(from, to, length) : Tangent(control[i - 1], from, to);
            (double endX, double endY) = i + 1 == segments || to.IsCorner ? Chord(from, to, length) : Tangent(from, to, control[i + 2]);
            for (int piece = 1; piece <= PiecesPerSegment; piece++)
            {
                double t = piece / (double)PiecesPerSegment;
                Add(new PathPoint(
                    Hermite(from.X, startX * length, to.X, endX * length, t),
                    Hermite(from.Y, startY * length, to.Y, endY * length, t),
                    (i + t) / segments,
                    false));
            }
        }
    }

    /// <summary>The parameter's step from one control point to the next: the square root of their distance.</summary>
    private static double Interval(ControlPoint a, ControlPoint b)
    {
        double x = b.X - a.X, y = b.Y - a.Y;
        return Math.Sqrt(Math.Sqrt((x * x) + (y * y)) + 1e-9); // never 0, should two points fall together
    }

    private static (double X, double Y) Chord(ControlPoint a, ControlPoint b, double interval) =>
        ((b.X - a.X) / interval, (b.Y - a.Y) / interval);

    /// <summary>The derivative at <paramref name="b"/> of the parabola through three points.</summary>
    private static (double X, double Y) Tangent(ControlPoint a, ControlPoint b, ControlPoint c)
    {
        double before = Interval(a, b), after = Interval(b, c), both = before + after;
        return (
            ((b.X - a.X) / before) - ((c.X - a.X) / both) + ((c.X - b.X) / after),
            ((b.Y - a.Y) / before) - ((c.Y - a.Y) / both) + ((c.Y - b.Y) / after));
    }

    private static double Hermite(double from, double startSlope, double to, double endSlope, double t)
    {
        double change = to - from;
        double quadratic = (3 * change) - (2 * startSlope) - endSlope;
        double cubic = startSlope + endSlope - (2 * change);
        return from + (t * (startSlope + (t * (quadratic + (t * cubic)))));
    }

    private void Add(PathPoint point)
    {
        if (_count == _points.Length)
        {
            Array.Resize(ref _points, 2 * _count);
        }

        _points[_count++] = point;
    }
}

/// <summary>
/// A round pen on a field of 28×28 pixels. It keeps how deep each pixel's centre is within the ink, so that strokes which cross or follow
/// each other never add up, and the edge falls off smoothly over a fixed width.
/// </summary>
internal sealed class Pen
{
    /// <summary>Pixels in a row and rows.</summary>
    public const int Side = 28;

    // The width in pixels over which ink fades at its edge.
    private const double EdgeWidth = 1.4;

    // A row is a whole number of vectors.
    private const int Lanes = 4;

    private readonly double[] _depth = new double[Side * Side];

    public void Clear() => Array.Fill(_depth, -EdgeWidth);

    /// <summary>Draws a straight line with an evenly changing radius; all in pixels from the field's upper left corner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of the drawing, which is over before it would be compiled well
    public void Line(double x0, double y0, double radius0, double x1, double y1, double radius1)
    {
        double reach = Math.Max(radius0, radius1) + (EdgeWidth / 2);
        int left = FirstPixel(Math.Min(x0, x1) - reach), right = LastPixel(Math.Max(x0, x1) + reach);
        int top = FirstPixel(Math.Min(y0, y1) - reach), bottom = LastPixel(Math.Max(y0, y1) + reach);
        double directionX = x1 - x0, directionY = y1 - y0;
        double squaredLength = (directionX * directionX) + (directionY * directionY);
        double inverse = squaredLength > 0 ? 1 / squaredLength : 0;
        Vector256<double> ramp = Vector256.Create(0.0, 1, 2, 3);
        for (int y = top; y <= bottom; y++)
        {
            double fromY = y + 0.5 - y0;
            // Whole vectors: pixels beyond the reach get depths that are no ink.
            for (int x = left & -Lanes; x <= right; x += Lanes)
            {
                Span<double> place = _depth.AsSpan((y * Side) + x, Lanes);
                Vector256<double> fromX = Vector256.Create(x + 0.5) + ramp - Vector256.Create(x0);
                Vector256<double> along = ((fromX * directionX) + Vector256.Create(fromY * directionY)) * inverse;
                along = Vector256.Min(Vector256.Max(along, Vector256<double>.Zero), Vector256<double>.One);
                Vector256<double> offX = fromX - (along * directionX), offY = Vector256.Create(fromY) - (along * directionY);
                Vector256<double> radius = Vector256.Create(radius0) + (along * (radius1 - radius0));
                Vector256<double> depth = radius - Vector256.Sqrt((offX * offX) + (offY * offY));
                Vector256.Max(depth, Vector256.Create(place)).CopyTo(place);
            }
        }
    }

    /// <summary>Writes the ink as grey values [28, 28], 255 where it is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Span<byte> image)
    {
        for (int i = 0; i < image.Length; i++)
        {
            double ink = PortableMath.SmoothStep((_depth[i] / EdgeWidth) + 0.5);
            image[i] = (byte)((255 * ink) + 0.5);
        }
    }

    private static int FirstPixel(double edge) => Math.Max(0, (int)Math.Floor(edge - 0.5));

    private static int LastPixel(double edge) => Math.Min(Side - 1, (int)Math.Ceiling(edge - 0.5));
}

/// <summary>Functions of additions and multiplications only: those of the C library differ between machines in their last bits.</summary>
internal static class PortableMath
{
    /// <summary>The sine of an angle in full turns, to 1e-9.</summary>
    public static double SinTurns(double turns)
    {
        double t = turns - Math.Floor(turns + 0.5);
        if (t > 0.25)
        {
            t = 0.5 - t;
        }
        else if (t < -0.25)
        {
            t = -0.5 - t;
        }

        // The Taylor polynomial of degree 13 on [-π/2, π/2].
        double x = 2 * Math.PI * t;
        double s = x * x;
        double series = 1.0 - (s / (10 * 11) * (1.0 - (s / (12 * 13))));
        series = 1.0 - (s / (8 * 9) * series);
        series = 1.0 - (s / (6 * 7) * series);
        series = 1.0 - (s / (4 * 5) * series);
        series = 1.0 - (s / (2 * 3) * series);
        return x * series;
    }

    /// <summary>The cosine of an angle in full turns, to 1e-9.</summary>
    public static double CosTurns(double turns) => SinTurns(turns + 0.25);

    /// <summary>0 up to 0, 1 from 1 on, and between them a cubic that is level at both ends.</summary>
    public static double SmoothStep(double t) => t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - (2 * t));
}
