namespace Vae.Core.Tests.Support;

/// <summary>The mean of draws with its standard error.</summary>
internal readonly record struct DrawnMean(double Mean, double StandardError)
{
    public static DrawnMean Of(IReadOnlyCollection<double> draws)
    {
        double mean = draws.Average();
        double variance = draws.Sum(draw => (draw - mean) * (draw - mean)) / (draws.Count - 1.0);
        return new DrawnMean(mean, Math.Sqrt(variance / draws.Count));
    }

    public static DrawnMean OfTensor(Tensor draws) => Of(draws.detach().flatten().to_type(ScalarType.Float64).data<double>().ToArray());

    /// <summary>Asserts that the mean is within four standard errors of a number.</summary>
    public void AssertIs(double expected) =>
        Assert.True(Math.Abs(Mean - expected) <= 4 * StandardError, $"{Mean} ± {StandardError} is not {expected}");
}
