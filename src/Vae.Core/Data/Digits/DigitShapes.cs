using Vae.Core.Engine;

namespace Vae.Core.Data.Digits;

/// <summary>The ways in which people write the ten digits.</summary>
internal static class DigitShapes
{
    private static readonly DigitShape[][] ByDigit = [Zero(), One(), Two(), Three(), Four(), Five(), Six(), Seven(), Eight(), Nine()];

    /// <summary>The ways to write a digit.</summary>
    public static IReadOnlyList<DigitShape> Of(int digit) => ByDigit[digit];

    /// <summary>One of the ways to write a digit, common ones more often.</summary>
    public static DigitShape Choose(int digit, RandomSequence random)
    {
        DigitShape[] shapes = ByDigit[digit];
        int total = 0;
        foreach (DigitShape shape in shapes)
        {
            total += shape.Weight;
        }

        int left = random.NextBelow(total);
        int chosen = 0;
        while (left >= shapes[chosen].Weight)
        {
            left -= shapes[chosen++].Weight;
        }

        return shapes[chosen];
    }

    private static DigitShape[] Zero() =>
    [
        // an oval
        DigitShape.Of(6, [0.8, -10, -3.8, -7.2, -5.6, -0.5, -4.3, 6.5, -0.3, 10, 4.2, 7, 5.6, 0, 4.2, -7, 0.4, -9.8]),
        // wide and round
        DigitShape.Of(3, [1.5, -9.8, -4.5, -7.8, -7.2, -0.5, -5.3, 7, 0, 9.8, 5.5, 7, 7.2, 0, 5.3, -7, 0.8, -9.6]),
        // the end crosses the beginning
        DigitShape.Of(3, [3.2, -8.6, -0.5, -9.8, -4.8, -5, -5.4, 2.5, -2.2, 9.7, 2.2, 9.5, 5.4, 2.5, 4.6, -5.5, 1.4, -8.8, -1.2, -7.8]),
    ];

    private static DigitShape[] One() =>
    [
        // bare
        DigitShape.Of(6, [0.2, -10, 0.1, 0, -0.2, 10]),
        // with a flag
        DigitShape.Of(4, [-3, -6.4, -1, -7.9, 0.8, -10, 0.8, -10, 0.7, 0, 0.5, 10]),
        // with a flag and a foot
        DigitShape.Of(2, [-3, -6.6, -1, -8.1, 0.6, -10, 0.6, -10, 0.5, 0, 0.4, 9.6], [-4, 9.7, 0.4, 9.8, 4.6, 9.6]),
    ];

    private static DigitShape[] Two() =>
    [
        // a corner at the lower left
        DigitShape.Of(5, [-5, -6.2, -3, -9.2, 0.8, -10, 4.6, -7.6, 4.4, -3, 0.4, 3.4, -5.6, 9.4, -5.6, 9.4, 0, 9, 6, 9.2]),
        // a loop at the lower left
        DigitShape.Of(4,
            [-4.6, -6.6, -2.4, -9.4, 1.4, -9.8, 4.6, -6.8, 3.6, -1.6, 0, 4.4, -3.4, 9, -5.8, 8.8, -5.2, 6.2, -2, 6.8, 2, 9.2, 6, 9.5]),
        // a waving foot
        DigitShape.Of(3,
            [-4.8, -7, -1.6, -9.9, 2.6, -9.2, 4.4, -5.6, 2.4, -0.6, -1.4, 4.4, -5.4, 8.8, -5.4, 8.8, -2.4, 7.6, 1.6, 9.4, 6, 7.8]),
    ];

    private static DigitShape[] Three() =>
    [
        // two bows
        DigitShape.Of(6,
            [-4.8, -7.6, -1.6, -9.8, 2.8, -9.2, 4.2, -5.8, 2.4, -2.2, -1, -0.6, -1, -0.6, 3, 0.2, 5.2, 4, 3.4, 8.6, -1, 10, -5.4, 7.6]),
        // a flat top
        DigitShape.Of(2,
            [-4.8, -9.4, 0, -9.6, 4.6, -9.5, 4.6, -9.5, 2, -5.6, -0.6, -2, -0.6, -2, 3.4, -0.6, 5.2, 3.6, 3.2, 8.6, -1.2, 10, -5.2, 8]),
        // a small loop between the bows
        DigitShape.Of(3,
            [-4.6, -7.8, -0.8, -9.9, 3.6, -8.4, 3.4, -3.8, -0.4, -0.8, -1.8, -1.6,
             -0.4, -2, 3.6, 0.4, 4.8, 4.8, 2, 9.4, -2, 9.8, -5.4, 7.8]),
    ];

    private static DigitShape[] Four() =>
    [
        // open, with a corner
        DigitShape.Of(4, [-4, -9.4, -4.8, -4, -5.2, 1.2, -5.2, 1.2, 0, 1, 5.8, 0.8], [3.2, -9, 2.8, 0, 2.4, 10]),
        // open and round
        DigitShape.Of(4, [-3.6, -9.6, -5, -4, -4.6, 0.4, -1.2, 1.8, 3.2, -0.2], [4.2, -9.4, 3.2, -1, 2.4, 10]),
        // closed, the bar crossing the stem
        DigitShape.Of(4, [2.2, -9.8, -2, -4, -6, 2.4, -6, 2.4, 0, 2.6, 6, 2.4], [2.4, -9.8, 2.4, 0, 2.2, 10]),
    ];

    private static DigitShape[] Five() =>
    [
        // in one go
        DigitShape.Of(4,
            [5.2, -9.6, 0.8, -9.6, -3.4, -9.4, -3.4, -9.4, -3.9, -5.4, -4.2, -1.6,
             -4.2, -1.6, 0.2, -2.8, 4.4, -0.6, 5, 4, 2.4, 8.8, -1.6, 10, -5.4, 8]),
        // the bar last
        DigitShape.Of(4,
            [-3, -9.2, -3.4, -5.4, -3.8, -2, -3.8, -2, 0.6, -2.6, 4.2, 0.2, 4.2, 5.4, 0.6, 9.6, -5, 8.8],
            [-3, -9.2, 1, -9.5, 5.6, -9.9]),
        // round, near an S
        DigitShape.Of(2, [5, -9.4, 0.6, -9.6, -3.2, -7.8, -3.8, -4, -0.6, -2, 3.6, 0.4, 4.8, 4.6, 2.2, 9, -1.8, 9.9, -5.2, 7.8]),
    ];

    private static DigitShape[] Six() =>
    [
        // a bow into the loop
        DigitShape.Of(5, [3.6, -9.6, -0.8, -6.6, -4.2, -0.6, -4.8, 5.2, -1.8, 9.8, 3, 8.8, 4.8, 4.6, 2.4, 0.8, -1.6, 1.6, -4.4, 5]),
        // nearly straight into a wide loop
        DigitShape.Of(4, [0.8, -10, -2.8, -3.4, -4.8, 3.8, -3, 9, 1.4, 9.8, 5, 6.4, 4, 2, -0.2, 1, -4.2, 4.4]),
        // a small loop
        DigitShape.Of(3, [2.4, -9.8, -1.8, -4.6, -4.4, 2, -3.8, 7.6, -0.4, 10, 3.4, 8, 3.4, 4.4, 0.2, 3, -3.2, 6]),
    ];

    private static DigitShape[] Seven() =>
    [
        // plain
        DigitShape.Of(5, [-5.2, -9.3, 0, -9.5, 5.6, -9.6, 5.6, -9.6, 1.6, -1.4, -2.2, 10]),
        // with a bar
        DigitShape.Of(3, [-5.2, -9.3, 0, -9.5, 5.6, -9.6, 5.6, -9.6, 1.6, -1.4, -2.2, 10], [-2.6, 0.2, 1, -0.2, 4.8, -0.6]),
        // with a hook at the upper left
        DigitShape.Of(3, [-6, -6.2, -5.6, -9.2, -5.6, -9.2, 0, -9.1, 6, -9.6, 6, -9.6, 1.8, -1.8, -1.6, 10]),
        // a round shoulder
        DigitShape.Of(3, [-6, -8.4, -2.4, -9.6, 2, -9.4, 5.4, -8.6, 4.2, -4.2, 0.8, 2.4, -2.2, 10]),
    ];

    private static DigitShape[] Eight() =>
    [
        // in one go from the upper right
        DigitShape.Of(6,
            [3.8, -8, 0.4, -10, -3.4, -8, -3, -4, 1, -0.8, 4.6, 3, 4, 8, -0.4, 10, -4.4, 7.6, -3.6, 3, 0.4, -0.6, 3.6, -4.6, 3.9, -7.6]),
        // two rings
        DigitShape.Of(2,
            [0.4, -9.9, -3.2, -8, -3, -3.4, 0.2, -1.2, 3.4, -3.4, 3.4, -8, 0, -9.9],
            [0, -1, -4, 1.8, -4.2, 7.2, 0, 10, 4.2, 7.2, 4, 1.8, 0.2, -1]),
        // in one go from the waist
        DigitShape.Of(3,
            [0.6, -1.4, -3, -4.6, -2.6, -8.6, 1, -9.9, 3.8, -7.2, 2, -2.8,
             -2.4, 1.4, -4.4, 5.8, -1.6, 9.6, 2.8, 9, 4.2, 5, 2.4, 1, -0.8, -2.2]),
    ];

    private static DigitShape[] Nine() =>
    [
        // a straight stem
        DigitShape.Of(5, [4, -7.4, 0.8, -9.9, -3.4, -8.4, -4.4, -4.4, -1.6, -1.4, 2, -2.6, 4.2, -7.2, 4.2, -7.2, 3.8, 1, 3, 10]),
        // a curved tail
        DigitShape.Of(3,
            [4.2, -7, 1.2, -9.8, -3, -8.6, -4.2, -4.6, -1.2, -1.6, 2.6, -3.2,
             4.4, -7.6, 4.4, -7.6, 4.8, -0.6, 3.6, 7, -0.4, 10, -4.4, 8.2]),
        // in one go, with a slanting stem
        DigitShape.Of(4, [3.2, -8.8, -0.6, -9.8, -4.2, -6.8, -3.4, -2.6, 0.6, -2.2, 3.6, -6.2, 4.2, -8.6, 3.8, -3, 1.8, 4, 0, 10]),
    ];
}
