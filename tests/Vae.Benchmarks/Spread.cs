namespace Vae.Benchmarks;

/// <summary>The middle of some measurements, and how far they go apart.</summary>
internal sealed record Spread(double Median, double Least, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(values));
        int half = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>Of the quotients round by round: what slowed a whole round down meets both sides and falls out.</summary>
    public static Spread OfRatios(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators) =>
        numerators.Count == denominators.Count
            ? Of(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator))
            : throw new ArgumentException($"{numerators.Count} rounds against {denominators.Count}", nameof(denominators));
}
