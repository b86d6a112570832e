using Vae.Core.Engine;

namespace Vae.Core.Data.Digits;

/// <summary>
/// Draws handwriting-like digits: a glyph's points, each moved a little; a smooth field that bends the whole; the hand's slant, turn, size and
/// place; and a round pen along the curves. An image is a function of (seed, part, index) alone. Not for use by several threads.
/// </summary>
internal sealed class DigitRenderer(RandomStream stream)
{
    /// <summary>Width and height of an image in pixels.</summary>
    public const int Size = 28;

    private const double Height = 20;        // of a digit of scale 1, as in MNIST
    private const double PointTremble = 0.021;
    private const double FieldStrength = 0.036;
    private const int FieldCells = 3;
    private const int PiecesPerCurve = 6;

    private readonly Pen _pen = new(Size);
    private readonly double[] _fieldX = new double[(FieldCells + 1) * (FieldCells + 1)];
    private readonly double[] _fieldY = new double[(FieldCells + 1) * (FieldCells + 1)];

    /// <summary>Draws one image [28, 28] and its factors [F], and returns the digit.</summary>
    public int Draw(int part, int index, Span<byte> pixels, Span<float> factors)
    {
        RandomSequence random = stream.Sequence(part, (uint)index);
        int digit = random.NextBelow(Glyph.ByDigit.Length);
        Glyph glyph = Choose(Glyph.ByDigit[digit], random.NextDouble());
        Hand hand = Hand.Draw(random);
        DrawField(random);
        double[] points = Place(glyph, hand, random);
        _pen.Clear();
        foreach (int[] stroke in glyph.Strokes)
        {
            DrawStroke(points, stroke, hand.Thickness / 2);
        }

        _pen.CopyTo(pixels);
        hand.CopyTo(factors);
        return digit;
    }

    private static Glyph Choose(Glyph[] glyphs, double uniform)
    {
        double rest = uniform * glyphs.Sum(glyph => glyph.Weight);
        foreach (Glyph glyph in glyphs)
        {
            rest -= glyph.Weight;
            if (rest < 0)
            {
                return glyph;
            }
        }

        return glyphs[^1];
    }

    private void DrawField(RandomSequence random)
    {
        for (int i = 0; i < _fieldX.Length; i++)
        {
            _fieldX[i] = FieldStrength * Hand.Bell(random);
            _fieldY[i] = FieldStrength * Hand.Bell(random);
        }
    }

    /// <summary>The glyph's points in pixels.</summary>
    private double[] Place(Glyph glyph, Hand hand, RandomSequence random)
    {
        var (sine, cosine) = SinCos(hand.Rotation);
        double size = Height * hand.Scale;
        var placed = new double[glyph.Points.Length];
        for (int i = 0; i < placed.Length; i += 2)
        {
            double x = glyph.Points[i] + (PointTremble * Hand.Bell(random));
            double y = glyph.Points[i + 1] + (PointTremble * Hand.Bell(random));
            double bentX = (x + Field(_fieldX, x, y)) * hand.Aspect;
            double bentY = y + Field(_fieldY, x, y);
            double slanted = bentX - (hand.Slant * bentY);
            placed[i] = (Size / 2.0) + hand.ShiftX + (size * ((cosine * slanted) + (sine * bentY)));
            placed[i + 1] = (Size / 2.0) + hand.ShiftY + (size * ((cosine * bentY) - (sine * slanted)));
        }

        return placed;
    }

    /// <summary>The field between its grid points, which span the unit square around the middle: smooth steps in both directions.</summary>
    private static double Field(double[] grid, double x, double y)
    {
        var (column, tx) = Cell(x);
        var (row, ty) = Cell(y);
        int corner = (row * (FieldCells + 1)) + column;
        double upper = grid[corner] + (tx * (grid[corner + 1] - grid[corner]));
        corner += FieldCells + 1;
        double lower = grid[corner] + (tx * (grid[corner + 1] - grid[corner]));
        return upper + (ty * (lower - upper));
    }

    private static (int Index, double Step) Cell(double coordinate)
    {
        double position = Math.Clamp((coordinate + 0.5) * FieldCells, 0, FieldCells);
        int index = Math.Min((int)position, FieldCells - 1);
        double t = position - index;
        return (index, t * t * (3 - (2 * t)));
    }

    private void DrawStroke(double[] points, int[] stroke, double radius)
    {
        bool closed = stroke[0] == stroke[^1];
        int last = stroke.Length - 1;
        for (int curve = 0; curve < last; curve++)
        {
            int before = curve > 0 ? stroke[curve - 1] : closed ? stroke[last - 1] : stroke[0];
            int after = curve + 2 <= last ? stroke[curve + 2] : closed ? stroke[1] : stroke[last];
            DrawCurve(points, before, stroke[curve], stroke[curve + 1], after, radius);
        }
    }

    /// <summary>The curve of Catmull and Rom between the two middle ones of four points, as straight pieces.</summary>
    private void DrawCurve(double[] points, int before, int from, int to, int after, double radius)
    {
        double x = points[2 * from], y = points[(2 * from) + 1];
        for (int piece = 1; piece <= PiecesPerCurve; piece++)
        {
            double t = (double)piece / PiecesPerCurve;
            double nextX = CatmullRom(points[2 * before], points[2 * from], points[2 * to], points[2 * after], t);
            double nextY = CatmullRom(points[(2 * before) + 1], points[(2 * from) + 1], points[(2 * to) + 1], points[(2 * after) + 1], t);
            _pen.Line(x, y, nextX, nextY, radius);
            (x, y) = (nextX, nextY);
        }
    }

    private static double CatmullRom(double before, double from, double to, double after, double t)
    {
        double linear = to - before;
        double quadratic = (2 * before) - (5 * from) + (4 * to) - after;
        double cubic = (3 * (from - to)) + after - before;
        return from + (0.5 * t * (linear + (t * (quadratic + (t * cubic)))));
    }

    /// <summary>Sine and cosine of a small angle by their series: the machine's own differ in the last bit between mathematical libraries.</summary>
    private static (double Sine, double Cosine) SinCos(double angle)
    {
        double square = angle * angle;
        double sine = angle * (1 - (square / 6 * (1 - (square / 20 * (1 - (square / 42))))));
        double cosine = 1 - (square / 2 * (1 - (square / 12 * (1 - (square / 30 * (1 - (square / 56)))))));
        return (sine, cosine);
    }
}
