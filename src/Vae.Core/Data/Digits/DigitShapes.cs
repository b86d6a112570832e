namespace Vae.Core.Data.Digits;

/// <summary>A point that a stroke passes through.</summary>
/// <param name="X">To the right, in pixels of a digit 20 pixels high, from its middle.</param>
/// <param name="Y">Downwards, likewise.</param>
/// <param name="IsCorner">Whether the stroke turns sharply here instead of passing smoothly.</param>
internal readonly record struct ControlPoint(double X, double Y, bool IsCorner);

/// <summary>One way to write a digit.</summary>
/// <param name="weight">How common it is, relative to the other ways to write this digit.</param>
/// <param name="strokes">What the pen draws without being lifted: x and y of each point in turn; a point given twice is a corner.</param>
internal sealed class DigitShape(int weight, params double[][] strokes)
{
    public int Weight => weight;

    public ControlPoint[][] Strokes { get; } = Array.ConvertAll(strokes, Points);

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

/// <summary>The ways in which people write the ten digits.</summary>
internal static class DigitShapes
{
    /// <summary>Of 0, of 1, ….</summary>
    public static readonly DigitShape[][] ByDigit =
    [
        [
            // an oval
            new(6, [0.8, -10, -3.8, -7.2, -5.6, -0.5, -4.3, 6.5, -0.3, 10, 4.2, 7, 5.6, 0, 4.2, -7, 0.4, -9.8]),
            // wide and round
            new(3, [1.5, -9.8, -4.5, -7.8, -7.2, -0.5, -5.3, 7, 0, 9.8, 5.5, 7, 7.2, 0, 5.3, -7, 0.8, -9.6]),
            // the end crosses the beginning
            new(3, [3.2, -8.6, -0.5, -9.8, -4.8, -5, -5.4, 2.5, -2.2, 9.7, 2.2, 9.5, 5.4, 2.5, 4.6, -5.5, 1.4, -8.8, -1.2, -7.8]),
        ],
        [
            // bare
            new(6, [0.2, -10, 0.1, 0, -0.2, 10]),
            // with a flag
            new(4, [-3, -6.4, -1, -7.9, 0.8, -10, 0.8, -10, 0.7, 0, 0.5, 10]),
            // with a flag and a foot
            new(2, [-3, -6.6, -1, -8.1, 0.6, -10, 0.6, -10, 0.5, 0, 0.4, 9.6], [-4, 9.7, 0.4, 9.8, 4.6, 9.6]),
        ],
        [
            // a corner at the lower left
            new(5, [-5, -6.2, -3, -9.2, 0.8, -10, 4.6, -7.6, 4.4, -3, 0.4, 3.4, -5.6, 9.4, -5.6, 9.4, 0, 9, 6, 9.2]),
            // a loop at the lower left
            new(4,
                [-4.6, -6.6, -2.4, -9.4, 1.4, -9.8, 4.6, -6.8, 3.6, -1.6, 0, 4.4, -3.4, 9, -5.8, 8.8, -5.2, 6.2, -2, 6.8, 2, 9.2, 6, 9.5]),
            // a waving foot
            new(3,
                [-4.8, -7, -1.6, -9.9, 2.6, -9.2, 4.4, -5.6, 2.4, -0.6, -1.4, 4.4, -5.4, 8.8, -5.4, 8.8, -2.4, 7.6, 1.6, 9.4, 6, 7.8]),
        ],
        [
            // two bows
            new(6,
                [-4.8, -7.6, -1.6, -9.8, 2.8, -9.2, 4.2, -5.8, 2.4, -2.2, -1, -0.6, -1, -0.6, 3, 0.2, 5.2, 4, 3.4, 8.6, -1, 10, -5.4, 7.6]),
            // a flat top
            new(2,
                [-4.8, -9.4, 0, -9.6, 4.6, -9.5, 4.6, -9.5, 2, -5.6, -0.6, -2, -0.6, -2, 3.4, -0.6, 5.2, 3.6, 3.2, 8.6, -1.2, 10, -5.2, 8]),
            // a small loop between the bows
            new(3,
                [-4.6, -7.8, -0.8, -9.9, 3.6, -8.4, 3.4, -3.8, -0.4, -0.8, -1.8, -1.6,
                 -0.4, -2, 3.6, 0.4, 4.8, 4.8, 2, 9.4, -2, 9.8, -5.4, 7.8]),
        ],
        [
            // open, with a corner
            new(4, [-4, -9.4, -4.8, -4, -5.2, 1.2, -5.2, 1.2, 0, 1, 5.8, 0.8], [3.2, -9, 2.8, 0, 2.4, 10]),
            // open and round
            new(4, [-3.6, -9.6, -5, -4, -4.6, 0.4, -1.2, 1.8, 3.2, -0.2], [4.2, -9.4, 3.2, -1, 2.4, 10]),
            // closed, the bar crossing the stem
            new(4, [2.2, -9.8, -2, -4, -6, 2.4, -6, 2.4, 0, 2.6, 6, 2.4], [2.4, -9.8, 2.4, 0, 2.2, 10]),
        ],
        [
            // in one go
            new(4,
                [5.2, -9.6, 0.8, -9.6, -3.4, -9.4, -3.4, -9.4, -3.9, -5.4, -4.2, -1.6,
                 -4.2, -1.6, 0.2, -2.8, 4.4, -0.6, 5, 4, 2.4, 8.8, -1.6, 10, -5.4, 8]),
            // the bar last
            new(4,
                [-3, -9.2, -3.4, -5.4, -3.8, -2, -3.8, -2, 0.6, -2.6, 4.2, 0.2, 4.2, 5.4, 0.6, 9.6, -5, 8.8],
                [-3, -9.2, 1, -9.5, 5.6, -9.9]),
            // round, near an S
            new(2, [5, -9.4, 0.6, -9.6, -3.2, -7.8, -3.8, -4, -0.6, -2, 3.6, 0.4, 4.8, 4.6, 2.2, 9, -1.8, 9.9, -5.2, 7.8]),
        ],
        [
            // a bow into the loop
            new(5, [3.6, -9.6, -0.8, -6.6, -4.2, -0.6, -4.8, 5.2, -1.8, 9.8, 3, 8.8, 4.8, 4.6, 2.4, 0.8, -1.6, 1.6, -4.4, 5]),
            // nearly straight into a wide loop
            new(4, [0.8, -10, -2.8, -3.4, -4.8, 3.8, -3, 9, 1.4, 9.8, 5, 6.4, 4, 2, -0.2, 1, -4.2, 4.4]),
            // a small loop
            new(3, [2.4, -9.8, -1.8, -4.6, -4.4, 2, -3.8, 7.6, -0.4, 10, 3.4, 8, 3.4, 4.4, 0.2, 3, -3.2, 6]),
        ],
        [
            // plain
            new(5, [-5.2, -9.3, 0, -9.5, 5.6, -9.6, 5.6, -9.6, 1.6, -1.4, -2.2, 10]),
            // with a bar
            new(3, [-5.2, -9.3, 0, -9.5, 5.6, -9.6, 5.6, -9.6, 1.6, -1.4, -2.2, 10], [-2.6, 0.2, 1, -0.2, 4.8, -0.6]),
            // with a hook at the upper left
            new(3, [-6, -6.2, -5.6, -9.2, -5.6, -9.2, 0, -9.1, 6, -9.6, 6, -9.6, 1.8, -1.8, -1.6, 10]),
            // a round shoulder
            new(3, [-6, -8.4, -2.4, -9.6, 2, -9.4, 5.4, -8.6, 4.2, -4.2, 0.8, 2.4, -2.2, 10]),
        ],
        [
            // in one go from the upper right
            new(6,
                [3.8, -8, 0.4, -10, -3.4, -8, -3, -4, 1, -0.8, 4.6, 3, 4,
                 8, -0.4, 10, -4.4, 7.6, -3.6, 3, 0.4, -0.6, 3.6, -4.6, 3.9, -7.6]),
            // two rings
            new(2,
                [0.4, -9.9, -3.2, -8, -3, -3.4, 0.2, -1.2, 3.4, -3.4, 3.4, -8, 0, -9.9],
                [0, -1, -4, 1.8, -4.2, 7.2, 0, 10, 4.2, 7.2, 4, 1.8, 0.2, -1]),
            // in one go from the waist
            new(3,
                [0.6, -1.4, -3, -4.6, -2.6, -8.6, 1, -9.9, 3.8, -7.2, 2, -2.8,
                 -2.4, 1.4, -4.4, 5.8, -1.6, 9.6, 2.8, 9, 4.2, 5, 2.4, 1, -0.8, -2.2]),
        ],
        [
            // a straight stem
            new(5, [4, -7.4, 0.8, -9.9, -3.4, -8.4, -4.4, -4.4, -1.6, -1.4, 2, -2.6, 4.2, -7.2, 4.2, -7.2, 3.8, 1, 3, 10]),
            // a curved tail
            new(3,
                [4.2, -7, 1.2, -9.8, -3, -8.6, -4.2, -4.6, -1.2, -1.6, 2.6, -3.2,
                 4.4, -7.6, 4.4, -7.6, 4.8, -0.6, 3.6, 7, -0.4, 10, -4.4, 8.2]),
            // in one go, with a slanting stem
            new(4, [3.2, -8.8, -0.6, -9.8, -4.2, -6.8, -3.4, -2.6, 0.6, -2.2, 3.6, -6.2, 4.2, -8.6, 3.8, -3, 1.8, 4, 0, 10]),
        ],
    ];

    /// <summary>One of the ways to write a digit, common ones more often.</summary>
    public static DigitShape Choose(int digit, RandomSequence random)
    {
        DigitShape[] shapes = ByDigit[digit];
        int left = random.NextBelow(shapes.Sum(shape => shape.Weight));
        int chosen = 0;
        while (left >= shapes[chosen].Weight)
        {
            left -= shapes[chosen++].Weight;
        }

        return shapes[chosen];
    }
}
