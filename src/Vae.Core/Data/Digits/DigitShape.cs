namespace Vae.Core.Data.Digits;

/// <summary>A point that a stroke passes through.</summary>
/// <param name="X">To the right, in pixels of a digit 20 pixels high, from its middle.</param>
/// <param name="Y">Downwards, likewise.</param>
/// <param name="IsCorner">Whether the stroke turns sharply here instead of passing smoothly.</param>
internal readonly record struct ControlPoint(double X, double Y, bool IsCorner);

/// <summary>One way to write a digit.</summary>
/// <param name="Weight">How common it is, relative to the other ways to write this digit.</param>
/// <param name="Strokes">What the pen draws between being set down and lifted.</param>
internal sealed record DigitShape(int Weight, ControlPoint[][] Strokes)
{
    /// <summary>Makes a shape.</summary>
    /// <param name="weight">As <see cref="Weight"/>.</param>
    /// <param name="strokes">x and y of each point in turn; a point given twice is a corner.</param>
    public static DigitShape Of(int weight, params double[][] strokes) => new(weight, Array.ConvertAll(strokes, Points));

    private static ControlPoint[] Points(double[] coordinates)
    {
        List<ControlPoint> points = [];
        for (int i = 0; i < coordinates.Length; i += 2)
        {
            ControlPoint point = new(coordinates[i], coordinates[i + 1], false);
            if (points.Count > 0 && points[^1] == point)
            {
                points[^1] = point with { IsCorner = true };
            }
            else
            {
                points.Add(point);
            }
        }

        return [.. points];
    }
}
