using ScottPlot;
using ScottPlot.TickGenerators;

namespace Vae.Core.Imaging;

/// <summary>What training reached at the end of one epoch; nats per image, ELBO and reconstruction higher is better.</summary>
/// <remarks>
/// Epochs done, a fraction where a measurement falls within one; then means of the ELBO, E[log p(x|z)] and KL(q(z|x) ‖ p(z)) over the
/// training split and over the validation split, null where there is none.
/// </remarks>
internal sealed record LossPoint(
    double Epoch,
    double TrainElbo, double TrainReconstruction, double TrainKl,
    double? ValidationElbo = null, double? ValidationReconstruction = null, double? ValidationKl = null);

/// <summary>
/// Draws the course of training: the negative ELBO and its two parts, negative reconstruction and KL, which add up to it.
/// With these signs all three lie on one scale and fall as the model gets better, but for the KL, which it has to spend.
/// </summary>
internal static class LossPlot
{
    // Above this many epochs markers would run together.
    private const int MostMarkedPoints = 30;

    // Stretches of epochs of which the lowest and the highest value are drawn. About two pixels wide: more would not be seen.
    private const int MostStretches = 400;

    private const int MostEpochTicks = 12;

    // Beyond any loss, and far enough from the largest number for sums.
    private const double Largest = 1e300;

    private static readonly Quantity[] Quantities =
    [
        new("−ELBO", Colors.C0, point => -point.TrainElbo, point => -point.ValidationElbo),
        new("−reconstruction", Colors.C2, point => -point.TrainReconstruction, point => -point.ValidationReconstruction),
        new("KL", Colors.C1, point => point.TrainKl, point => point.ValidationKl),
    ];

    /// <summary>
    /// The figure as an SVG document. Training is drawn solid, validation dashed, each quantity in one colour. Values far off all others
    /// are left out of the scale and told below it.
    /// </summary>
    /// <param name="points">One point an epoch, in the order of epochs; values that are not finite leave a gap.</param>
    /// <param name="title">What stands above the figure, the name of the run for example.</param>
    public static string Render(IReadOnlyList<LossPoint> points, string title)
    {
        Curve[] curves =
        [
            .. Quantities.Select(quantity => CurveOf(quantity, "train", points, point => quantity.Train(point))),
            .. Quantities.Select(quantity => CurveOf(quantity, "validation", points, quantity.Validation)),
        ];
        Curve[] drawn = [.. curves.Where(curve => curve.Finite.Any())];
        (double low, double high) = Scale([.. drawn.SelectMany(curve => curve.Finite).Select(point => point.Value).Order()]);
        Mark[] left = [.. drawn.SelectMany(curve => curve.Finite).Where(point => point.Value < low || point.Value > high)];

        ChartAxis epochs = EpochAxis(points, left.Length > 0 ? $"epoch\n{Tell(left)}" : "epoch");
        ChartAxis nats = NatsAxis(low, high);
        return new Chart(title, epochs, nats, [.. drawn.Select(curve => LineOf(curve, nats))]).ToSvg(width: 840, height: 520);
    }

    private static Curve CurveOf(Quantity quantity, string split, IReadOnlyList<LossPoint> points, Func<LossPoint, double?> measure) => new(
        quantity,
        split,
        [.. points.Where(point => measure(point) is not null).Select(point => new Mark(point.Epoch, Bounded(measure(point)!.Value)))]);

    private static double Bounded(double value) => double.IsFinite(value) ? Math.Clamp(value, -Largest, Largest) : double.NaN;

    /// <summary>
    /// The range of the values within the outer fences, three times the distance of the quartiles beyond them (Tukey, Exploratory Data
    /// Analysis, 1977): the first epoch of an untrained model, or the last of a diverging one, is not to press all others into a line.
    /// </summary>
    private static (double Low, double High) Scale(double[] sorted)
    {
        if (sorted.Length == 0)
        {
            return (0, 1);
        }

        double lower = sorted[(sorted.Length - 1) / 4];
        double upper = sorted[sorted.Length - 1 - ((sorted.Length - 1) / 4)];
        double reach = 3 * (upper - lower);
        double[] kept = reach > 0 ? [.. sorted.Where(value => value >= lower - reach && value <= upper + reach)] : sorted;
        return (kept[0], kept[^1]);
    }

    private static ChartAxis EpochAxis(IReadOnlyList<LossPoint> points, string label)
    {
        (double first, double last) = points.Count > 0
            ? (Math.Floor(points.Min(point => point.Epoch)), Math.Ceiling(points.Max(point => point.Epoch)))
            : (0, 1);
        double step = 1;
        for (int i = 1; (last - first) / step > MostEpochTicks; i++)
        {
            step *= i % 3 == 2 ? 2.5 : 2; // 1, 2, 5, 10 …
        }

        NumericManual ticks = new();
        for (double epoch = Math.Ceiling(first / step) * step; epoch <= last; epoch += step)
        {
            ticks.AddMajor(epoch, Chart.Number(epoch));
        }

        double margin = first == last ? 0.5 : 0.02 * (last - first);
        return new ChartAxis(label, first - margin, last + margin, ticks);
    }

    private static ChartAxis NatsAxis(double low, double high)
    {
        double margin = Math.Max(0.06 * (high - low), 1e-3 * Math.Max(1, Math.Max(Math.Abs(low), Math.Abs(high))));
        // Zero is the natural floor of a KL; a little room below it would look like negative values.
        double bottom = low >= 0 && low < 0.5 * high ? 0 : low - margin;
        return new ChartAxis("nats per image", bottom, high + margin, new NumericAutomatic { LabelFormatter = Chart.Number });
    }

    private static ChartLine LineOf(Curve curve, ChartAxis nats)
    {
        double beyond = 2 * (nats.High - nats.Low);
        Mark[] marks = Thin(curve.Marks);
        // The last value in the legend spares reading it off a scale made for the whole course.
        return new ChartLine(
            $"{curve.Quantity.Name}, {curve.Split}: {Value(curve.Finite.Last().Value)}",
            curve.Quantity.Color,
            [.. marks.Select(mark => mark.Epoch)],
            [.. marks.Select(mark => Math.Clamp(mark.Value, nats.Low - beyond, nats.High + beyond))], // what draws cannot take any number
            IsDashed: curve.Split != "train",
            HasMarkers: marks.Length <= MostMarkedPoints);
    }

    private static Mark[] Thin(Mark[] marks) => marks.Length <= 2 * MostStretches
        ? marks
        : [
            .. marks.Chunk((marks.Length + MostStretches - 1) / MostStretches).SelectMany(stretch =>
                new[] { stretch.MinBy(mark => mark.Value), stretch.MaxBy(mark => mark.Value) }.OrderBy(mark => mark.Epoch)),
        ];

    private static string Tell(Mark[] left)
    {
        (double first, double last) = (left.Min(mark => mark.Epoch), left.Max(mark => mark.Epoch));
        (string lowest, string highest) = (Value(left.Min(mark => mark.Value)), Value(left.Max(mark => mark.Value)));
        string values = left.Length == 1 ? $"one value, {lowest}," : $"{left.Length} values, {lowest} to {highest},";
        string epochs = first == last ? $"epoch {Chart.Number(first)}" : $"epochs {Chart.Number(first)} to {Chart.Number(last)}";
        return $"beyond the scale: {values} {epochs}";
    }

    /// <summary>Nats to one decimal where that fits and says something.</summary>
    private static string Value(double nats) =>
        nats.ToString(Math.Abs(nats) is 0 or (>= 0.05 and < 1e6) ? "F1" : "0.0e0", CultureInfo.InvariantCulture).Replace('-', '−');

    private sealed record Quantity(string Name, Color Color, Func<LossPoint, double> Train, Func<LossPoint, double?> Validation);

    private readonly record struct Mark(double Epoch, double Value);

    private sealed record Curve(Quantity Quantity, string Split, Mark[] Marks)
    {
        public IEnumerable<Mark> Finite => Marks.Where(mark => double.IsFinite(mark.Value));
    }
}
