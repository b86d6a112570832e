namespace Vae.Core.Data.Digits;

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
