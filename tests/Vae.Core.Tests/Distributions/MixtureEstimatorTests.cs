namespace Vae.Core.Tests.Distributions;

public class MixtureEstimatorTests
{
    private static readonly MixtureEstimator Estimator = new() { Stream = new RandomStream(3, RandomPurpose.MixtureInitialization) };

    [Fact]
    public void One_component_is_the_mean_and_the_variance_of_the_points()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = (SmallModel.Normal(1, 500, 3) * 2) + 1;

        GaussianMixtureDensity fitted = Estimator.Fit(points, 1);

        AssertClose(points.mean([0L]), fitted.Means, 1e-10);
        AssertClose(points.var(0, unbiased: false).log(), fitted.LogVariances, 1e-10);
        Assert.Equal(0, fitted.LogWeights.ToDouble(), 12);
    }

    [Fact]
    public void The_mixture_that_points_were_drawn_from_is_found()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] means = [-4, 0, 4, 1, 0, 6];
        GaussianMixtureDensity truth = new(
            tensor(new[] { 0.2, 0.5, 0.3 }).log(), tensor(means, [3, 2]), tensor(new[] { 0.0, -1, -0.5, 0.4, 0.2, 0 }, [3, 2]));
        using Generator generator = new(4);
        Tensor points = truth.Sample(SmallModel.Normal(2, 20_000, 2), rand([20_000L], ScalarType.Float64, generator: generator), 1);

        GaussianMixtureDensity fitted = Estimator.Fit(points, 3);

        long[] order = fitted.LogWeights.argsort().data<long>().ToArray();   // 0.2, 0.3, 0.5
        AssertClose(truth.Means.index_select(0, tensor(new long[] { 0, 2, 1 })), fitted.Means.index_select(0, tensor(order)), 0.06);
        Assert.True(
            (fitted.LogProbability(points) - truth.LogProbability(points)).mean().ToDouble() > 0, "no mixture is likelier than the best");
    }

    [Fact]
    public void No_round_makes_the_points_less_likely_and_the_last_gains_little()
    {
        using DisposeScope scope = NewDisposeScope();
        List<double> likelihoods = [];

        (Estimator with { Progress = likelihoods.Add }).Fit(Points(), 6);

        Assert.True(likelihoods.Count > 5, string.Join(" ", likelihoods));
        Assert.All(likelihoods.Zip(likelihoods.Skip(1)), pair => Assert.InRange(pair.Second, pair.First - 1e-12, double.MaxValue));
        Assert.InRange(likelihoods[^1] - likelihoods[^2], 0, 1e-5);
    }

    [Fact]
    public void No_variance_falls_below_the_floor_even_on_points_that_repeat()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = cat([SmallModel.Normal(5, 50, 2), zeros(50, 2, ScalarType.Float64)]); // half of them the same

        GaussianMixtureDensity fitted = (Estimator with { VarianceFloor = 0.01 }).Fit(points, 4);

        double[] floor = (points.var(0, unbiased: false) * 0.01).log().data<double>().ToArray();
        double[] lowest = fitted.LogVariances.amin(0).data<double>().ToArray();
        Assert.All(Enumerable.Range(0, 2), d => Assert.True(lowest[d] >= floor[d] - 1e-9));
        Assert.Contains(Enumerable.Range(0, 2), d => Math.Abs(lowest[d] - floor[d]) < 1e-9);
        Assert.True(fitted.LogProbability(points).isfinite().all().ToBoolean());
    }

    [Fact]
    public void As_many_components_as_points_all_alike_still_give_a_finite_density()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = ones(4, 2, ScalarType.Float64);

        GaussianMixtureDensity fitted = Estimator.Fit(points, 4);

        Assert.True(fitted.LogProbability(points).isfinite().all().ToBoolean());
        Assert.True(fitted.LogWeights.isfinite().all().ToBoolean());
        Assert.Throws<ArgumentOutOfRangeException>(() => Estimator.Fit(points, 5));
    }

    [Fact]
    public void The_same_stream_gives_the_same_mixture_and_leaves_no_other_tensor()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor points = Points();

        double[] first = Estimator.Fit(points, 5).Means.flatten().data<double>().ToArray();
        double[] second = Estimator.Fit(points, 5).Means.flatten().data<double>().ToArray();
        int before = scope.DisposablesCount;
        Estimator.Fit(points, 5);

        Assert.Equal(first, second);
        Assert.Equal(before + 3, scope.DisposablesCount); // the mixture's own
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        double[] left = expected.flatten().data<double>().ToArray();
        double[] right = actual.flatten().data<double>().ToArray();
        Assert.True(
            left.Zip(right).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance),
            $"[{string.Join(", ", right)}] is not [{string.Join(", ", left)}]");
    }

    private static Tensor Points() => cat([SmallModel.Normal(6, 300, 3), (SmallModel.Normal(7, 200, 3) * 0.5) + 2]);
}
