using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Vae.Core.Imaging;

/// <summary>
/// Draws the course of training: the negative ELBO and its two parts, negative reconstruction and KL, which add up to it.
/// With these signs all three lie on one scale and fall as the model gets better, but for the KL, which it has to spend.
/// </summary>
public static class LossPlot
{
    // Above this many epochs markers would run together.
    private const int MostMarkedPoints = 30;

    // With fewer epochs than this the ticks would fall on fractions of one.
    private const double LeastEpochs = 6;

    private static readonly Quantity[] Quantities =
    [
        new("−ELBO", Colors.C0, point => -point.TrainElbo, point => -point.ValidationElbo),
        new("−reconstruction", Colors.C2, point => -point.TrainReconstruction, point => -point.ValidationReconstruction),
        new("KL", Colors.C1, point => point.TrainKl, point => point.ValidationKl),
    ];

    // Places inside the figure, the most usual first.
    private static readonly Alignment[] LegendPlaces =
    [
        Alignment.UpperRight, Alignment.MiddleRight, Alignment.LowerRight, Alignment.UpperCenter, Alignment.MiddleCenter,
        Alignment.LowerCenter, Alignment.UpperLeft, Alignment.MiddleLeft, Alignment.LowerLeft,
    ];

    /// <summary>The figure as an SVG document. Training is drawn solid, validation dashed, each quantity in one colour.</summary>
    /// <param name="points">One point an epoch, in the order of epochs; values that are not finite leave a gap.</param>
    /// <param name="title">What stands above the figure, the name of the run for example.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static string Render(IReadOnlyList<LossPoint> points, string title, int width = 840, int height = 520)
    {
        ArgumentNullException.ThrowIfNull(points);
        using Plot plot = new();
        plot.Title(title);
        plot.XLabel("epoch");
        plot.YLabel("nats per image");

        List<Curve> curves = [.. Quantities.SelectMany(quantity => CurvesOf(quantity, points)).Where(curve => curve.Last is not null)];
        foreach (Curve curve in curves)
        {
            Draw(plot, curve);
        }

        (Limits limits, Alignment legend) = PlaceLegend(curves, ChooseLimits(curves));
        plot.Axes.SetLimits(limits.Left, limits.Right, limits.Bottom, limits.Top);
        plot.ShowLegend(legend);
        return plot.GetSvgXml(width, height);
    }

    private static IEnumerable<Curve> CurvesOf(Quantity quantity, IReadOnlyList<LossPoint> points)
    {
        yield return new Curve(
            quantity, "train", [.. points.Select(point => point.Epoch)], [.. points.Select(quantity.Train)], LinePattern.Solid);
        List<LossPoint> measured = [.. points.Where(point => quantity.Validation(point) is not null)];
        yield return new Curve(
            quantity,
            "validation",
            [.. measured.Select(point => point.Epoch)],
            [.. measured.Select(point => quantity.Validation(point)!.Value)],
            LinePattern.DenselyDashed);
    }

    private static void Draw(Plot plot, Curve curve)
    {
        Scatter line = plot.Add.ScatterLine(curve.Xs, curve.Ys, curve.Quantity.Color);
        // The last value in the legend spares reading it off a scale made for the whole course.
        string last = curve.Last!.Value.ToString("F1", CultureInfo.InvariantCulture).Replace('-', '−');
        line.LegendText = $"{curve.Quantity.Name}, {curve.Split}: {last}";
        line.LineWidth = 1.8f;
        line.LinePattern = curve.Pattern;
        line.MarkerSize = curve.Ys.Length <= MostMarkedPoints ? 4.5f : 0;
    }

    /// <summary>
    /// Limits that the settled part of the curves fills. The first epoch starts from an untrained model; where it alone
    /// would take much of the scale, the curves come in from beyond the edge instead.
    /// </summary>
    private static Limits ChooseLimits(List<Curve> curves)
    {
        List<(double Epoch, double Value)> all =
        [
            .. curves.SelectMany(curve => curve.Xs.Zip(curve.Ys))
                .Where(point => double.IsFinite(point.First) && double.IsFinite(point.Second)),
        ];
        if (all.Count == 0)
        {
            return new Limits(0, LeastEpochs, 0, 1);
        }

        double lastEpoch = all.Max(point => point.Epoch);
        double firstEpoch = all.Min(point => point.Epoch);
        double early = firstEpoch + (0.05 * (lastEpoch - firstEpoch));
        List<double> settled = [.. all.Where(point => point.Epoch > early).Select(point => point.Value)];
        if (settled.Count == 0)
        {
            settled = [.. all.Select(point => point.Value)];
        }

        (double low, double high) = KeepNear(all, settled);
        double margin = Math.Max(0.06 * (high - low), 1e-3);
        // Zero is the natural floor of a KL; a little room below it would look like negative values.
        double bottom = low >= 0 && low < 0.5 * high ? 0 : low - margin;
        return new Limits(0, Math.Max(LeastEpochs, lastEpoch * 1.02), bottom, high + margin);
    }

    /// <summary>The range of all values; an end that early values alone move by more than half the settled range stays near that range.</summary>
    private static (double Low, double High) KeepNear(List<(double Epoch, double Value)> all, List<double> settled)
    {
        (double low, double high) = (settled.Min(), settled.Max());
        double reach = 0.5 * (high - low);
        (double lowest, double highest) = (all.Min(point => point.Value), all.Max(point => point.Value));
        if (reach == 0)
        {
            // One level value says nothing about scale.
            return (lowest, highest);
        }

        return (lowest < low - reach ? low - (0.1 * reach) : lowest, highest > high + reach ? high + (0.5 * reach) : highest);
    }

    /// <summary>A place for the legend where it hides no curve; where there is none, room above the curves is made for it.</summary>
    private static (Limits Limits, Alignment Place) PlaceLegend(List<Curve> curves, Limits limits)
    {
        const int MostGrowth = 12;
        for (int growth = 0; growth < MostGrowth; growth++)
        {
            Limits grown = limits with { Top = limits.Top + (0.08 * growth * (limits.Top - limits.Bottom)) };
            List<(double X, double Y)> drawn = [.. curves.SelectMany(curve => Trace(curve, grown))];
            foreach (Alignment place in LegendPlaces)
            {
                if (!drawn.Exists(point => IsUnderLegend(point, place, curves.Count)))
                {
                    return (grown, place);
                }
            }
        }

        return (limits, LegendPlaces[0]);
    }

    private static bool IsUnderLegend((double X, double Y) point, Alignment place, int entries)
    {
        // Fractions of the figure, somewhat larger than the box is at the default size.
        const double Width = 0.37;
        double height = 0.05 + (0.05 * entries);
        (int row, int column) = Math.DivRem((int)place, 3);
        double left = (1 - Width) * column / 2;
        double bottom = (1 - height) * (2 - row) / 2;
        return point.X >= left && point.X <= left + Width && point.Y >= bottom && point.Y <= bottom + height;
    }

    /// <summary>Points along the drawn lines, in fractions of the figure from its lower left.</summary>
    private static IEnumerable<(double X, double Y)> Trace(Curve curve, Limits limits)
    {
        const int PerSegment = 24;
        for (int i = 0; i < curve.Xs.Length; i++)
        {
            int next = Math.Min(i + 1, curve.Xs.Length - 1);
            for (int step = 0; step < PerSegment; step++)
            {
                double t = (double)step / PerSegment;
                double x = curve.Xs[i] + (t * (curve.Xs[next] - curve.Xs[i]));
                double y = curve.Ys[i] + (t * (curve.Ys[next] - curve.Ys[i]));
                yield return ((x - limits.Left) / (limits.Right - limits.Left), (y - limits.Bottom) / (limits.Top - limits.Bottom));
            }
        }
    }

    private sealed record Quantity(string Name, Color Color, Func<LossPoint, double> Train, Func<LossPoint, double?> Validation);

    private sealed record Curve(Quantity Quantity, string Split, double[] Xs, double[] Ys, LinePattern Pattern)
    {
        /// <summary>The last value that can be shown; null where there is none.</summary>
        public double? Last { get; } = Ys.Where(double.IsFinite).Select(value => (double?)value).LastOrDefault();
    }

    private sealed record Limits(double Left, double Right, double Bottom, double Top);
}
