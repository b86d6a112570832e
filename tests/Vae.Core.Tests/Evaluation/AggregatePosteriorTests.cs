namespace Vae.Core.Tests.Evaluation;

public class AggregatePosteriorTests
{
    private static readonly RandomStream Noise = new(3, RandomPurpose.EvaluationNoise);

    [Fact]
    public void Codes_that_tell_nothing_of_the_image_have_only_the_dimension_wise_part()
    {
        double[] mean = [0.7, -1.2];
        double[] logVariance = [-1, 0.4];
        KlDecomposition parts = Decompose(
            [.. Enumerable.Repeat(mean, 40)], [.. Enumerable.Repeat(logVariance, 40)], draws: 4000);
        double kl = mean.Zip(logVariance, (m, v) => 0.5 * ((m * m) + Math.Exp(v) - 1 - v)).Sum();

        Assert.Equal(0, parts.MutualInformation.Value, 4);
        Assert.Equal(0, parts.TotalCorrelation.Value, 4);
        double error = parts.DimensionWiseKl!.Value.StandardError!.Value;
        Assert.InRange(parts.DimensionWiseKl.Value.Value - kl, -4 * error, 4 * error);
    }

    [Fact]
    public void Codes_far_apart_tell_the_image_and_no_more()
    {
        double[][] corners = [[-5, -5], [-5, 5], [5, -5], [5, 5]];
        KlDecomposition parts = Decompose(corners, Narrow(4), draws: 400);

        Assert.Equal(Math.Log(4), parts.MutualInformation.Value, 4);
        Assert.Equal(0, parts.TotalCorrelation.Value, 4); // each dimension is one bit, whatever the other
    }

    [Fact]
    public void Two_dimensions_that_say_the_same_are_correlated_by_what_they_say()
    {
        double[][] diagonal = [[-5, -5], [5, 5]];
        KlDecomposition parts = Decompose(diagonal, Narrow(2), draws: 200);

        Assert.Equal(Math.Log(2), parts.MutualInformation.Value, 4);
        Assert.Equal(Math.Log(2), parts.TotalCorrelation.Value, 4);
    }

    [Fact]
    public void A_Gaussian_aggregate_has_the_parts_of_its_covariance()
    {
        // Means of N(0, (a b; b a)) under posteriors of variance s: the aggregate is N(0, (a+s b; b a+s)).
        const int Images = 20_000;
        const double A = 1.5, B = 1.2, S = 0.5;
        Random random = new(1);
        double[][] means = new double[Images][];
        for (int n = 0; n < Images; n++)
        {
            double u = Normal(random), v = Normal(random);
            means[n] = [Math.Sqrt(A) * u, (B / Math.Sqrt(A) * u) + (Math.Sqrt(A - (B * B / A)) * v)];
        }

        KlDecomposition parts = Decompose(means, [.. Enumerable.Repeat(new[] { Math.Log(S), Math.Log(S) }, Images)], draws: 5000);
        double variance = A + S;
        double determinant = (variance * variance) - (B * B);

        AssertNear(0.5 * Math.Log(determinant / (S * S)), parts.MutualInformation);
        AssertNear(-0.5 * Math.Log(1 - (B * B / (variance * variance))), parts.TotalCorrelation);
        AssertNear(variance - 1 - Math.Log(variance), parts.DimensionWiseKl!.Value);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 3)]
    [InlineData(200, 20)]
    public void The_parts_add_up_to_the_KL_and_no_code_tells_more_than_which_image_it_is(int images, int latent)
    {
        (double[][] means, double[][] logVariances) = RandomPosteriors(images, latent);
        KlDecomposition parts = Decompose(means, logVariances, draws: images);

        Assert.Equal(
            parts.Kl.Value, parts.MutualInformation.Value + parts.TotalCorrelation.Value + parts.DimensionWiseKl!.Value.Value, 1e-9);
        Assert.Equal(parts.MarginalKl.Value, parts.TotalCorrelation.Value + parts.DimensionWiseKl!.Value.Value, 1e-5);
        Assert.InRange(parts.MutualInformation.Value, -1e-5, Math.Log(images) + 1e-5);
    }

    [Fact]
    public void The_densities_are_sums_over_all_images()
    {
        const int Images = 37; // fills no whole number of vectors
        (double[][] means, double[][] logVariances) = RandomPosteriors(Images, 3);
        PosteriorTable table = Table(means, logVariances);
        float[] z = [0.3f, -0.8f, 0.1f];
        double[][] log = [.. Enumerable.Range(0, Images).Select(n => Enumerable.Range(0, 3)
            .Select(d => LogNormal(z[d], means[n][d], logVariances[n][d])).ToArray())];

        (double aggregate, double marginals, double own) =
            new AggregatePosterior(table, new StandardNormalDensity()).LogDensities(z, 5, new float[table.Stride]);

        Assert.Equal(Math.Log(log.Average(row => Math.Exp(row.Sum()))), aggregate, 1e-4);
        Assert.Equal(Enumerable.Range(0, 3).Sum(d => Math.Log(log.Average(row => Math.Exp(row[d])))), marginals, 1e-4);
        Assert.Equal(log[5].Sum(), own, 1e-4);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        (double[][] means, double[][] logVariances) = RandomPosteriors(150, 4);

        Assert.Equal(Decompose(means, logVariances, 150, workers: 1), Decompose(means, logVariances, 150, workers: 3));
    }

    private static KlDecomposition Decompose(double[][] means, double[][] logVariances, int draws, int workers = 2) =>
        new AggregatePosterior(Table(means, logVariances), new StandardNormalDensity()).Decompose(draws, Noise, CPU, workers);

    private static PosteriorTable Table(double[][] means, double[][] logVariances)
    {
        using DisposeScope scope = NewDisposeScope();
        PosteriorTable table = new(means.Length, means[0].Length);
        table.Set(0, new DiagonalGaussian(Rows(means), Rows(logVariances)));
        return table;
    }

    private static Tensor Rows(double[][] values) =>
        tensor(values.SelectMany(row => row).Select(x => (float)x).ToArray(), [values.Length, values[0].Length]);

    private static (double[][] Means, double[][] LogVariances) RandomPosteriors(int images, int latent)
    {
        Random random = new(images);
        double[][] Draw(double spread) => [.. Enumerable.Range(0, images)
            .Select(_ => Enumerable.Range(0, latent).Select(_ => spread * (random.NextDouble() - 0.5)).ToArray())];
        return (Draw(4), Draw(3));
    }

    private static double[][] Narrow(int images) => [.. Enumerable.Repeat(new[] { -3.0, -3.0 }, images)];

    private static double LogNormal(double x, double mean, double logVariance) =>
        -0.5 * (Math.Log(2 * Math.PI) + logVariance + ((x - mean) * (x - mean) / Math.Exp(logVariance)));

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Within four errors of the draws, and what the finite number of images adds.</summary>
    private static void AssertNear(double expected, Estimate actual)
    {
        double error = actual.StandardError!.Value;
        Assert.InRange(actual.Value - expected, -(4 * error) - 0.03, (4 * error) + 0.03);
    }
}
