namespace Vae.Core.Tests.Distributions;

public class GaussianMixtureDensityTests
{
    private static readonly double[] Weights = [0.2, 0.5, 0.3];
    private static readonly double[] Means = [-1, 0.5, 2, -0.3, 0.1, 1.4];          // [3, 2]
    private static readonly double[] LogVariances = [-1, 0.2, -2, 0.5, 0.3, -0.7];  // [3, 2]

    [Fact]
    public void The_log_probability_is_that_of_plain_sums()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor z = SmallModel.Normal(1, 4, 3, 2);
        double[] values = z.flatten().data<double>().ToArray();

        Tensor actual = Mixture(2).LogProbability(z);

        Assert.Equal([4L, 3L], actual.shape);
        double[] logs = actual.flatten().data<double>().ToArray();
        Assert.All(Enumerable.Range(0, 12), i => Assert.Equal(Math.Log(Density(values.AsSpan(2 * i, 2))), logs[i], 12));
    }

    [Fact]
    public void The_marginals_are_those_of_plain_sums()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor z = SmallModel.Normal(1, 5, 2);
        double[] values = z.flatten().data<double>().ToArray();

        double[] logs = Mixture(2).LogMarginals(z).flatten().data<double>().ToArray();

        for (int i = 0; i < 10; i++)
        {
            double density = Enumerable.Range(0, 3).Sum(c => Weights[c] * Normal(values[i], (2 * c) + (i % 2)));
            Assert.Equal(Math.Log(density), logs[i], 12);
        }
    }

    [Fact]
    public void It_integrates_to_one_over_a_line_and_over_a_plane()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor line = linspace(-12, 12, 2401, ScalarType.Float64).unsqueeze(-1); // steps of 0.01
        Tensor axis = linspace(-10, 10, 401, ScalarType.Float64);
        Tensor plane = stack([axis.unsqueeze(1).expand(401, 401), axis.unsqueeze(0).expand(401, 401)], -1); // steps of 0.05

        Assert.Equal(1, Mixture(1).LogProbability(line).exp().sum().ToDouble() * 0.01, 9);
        Assert.Equal(1, Mixture(2).LogProbability(plane).exp().sum().ToDouble() * 0.05 * 0.05, 9);
        Assert.Equal(1, Mixture(1).LogMarginals(line).exp().sum().ToDouble() * 0.01, 9);
    }

    [Fact]
    public void In_float32_narrow_far_components_keep_their_precision()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor means = SmallModel.Normal(2, 50, 40) * 3;
        Tensor logVariances = full_like(means, -6);
        Tensor logWeights = full([50], -Math.Log(50), ScalarType.Float64);
        Tensor z = means + (SmallModel.Normal(3, 50, 40) * Math.Exp(-3));
        Tensor direct = (logWeights + new DiagonalGaussian(means, logVariances).LogProbability(z.unsqueeze(1))).logsumexp(-1); // [N]

        GaussianMixtureDensity single = new(
            logWeights.to_type(ScalarType.Float32), means.to_type(ScalarType.Float32), logVariances.to_type(ScalarType.Float32));
        Tensor actual = single.LogProbability(z.to_type(ScalarType.Float32));

        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.True((actual.to_type(ScalarType.Float64) - direct).abs().max().ToDouble() < 1e-3); // the rounding of z itself, times 1/σ
    }

    [Fact]
    public void Marginals_of_many_rows_are_those_of_each_row()
    {
        using DisposeScope scope = NewDisposeScope();
        GaussianMixtureDensity large = new(
            full([64], -Math.Log(64), ScalarType.Float64), SmallModel.Normal(4, 64, 64), SmallModel.Normal(5, 64, 64));
        Tensor z = SmallModel.Normal(6, 2100, 64); // more than two blocks

        Tensor whole = large.LogMarginals(z);

        foreach (long row in new[] { 0L, 1023, 1024, 2099 })
        {
            Assert.Equal(
                large.LogMarginals(z.narrow(0, row, 1)).data<double>().ToArray(),
                whole.narrow(0, row, 1).contiguous().data<double>().ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(40)]
    public void Marginals_without_gradients_are_those_of_float64(int latent)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor means = SmallModel.Normal(7, 30, latent) * 3;
        Tensor logVariances = SmallModel.Normal(8, 30, latent) - 2; // narrow: most densities underflow
        Tensor logWeights = (SmallModel.Normal(9, 1, 30) - 3).log_softmax(-1).reshape(30);
        Tensor z = SmallModel.Normal(10, 2 * 70, latent).reshape(2, 70, latent) * 5;
        Tensor expected = new GaussianMixtureDensity(logWeights, means, logVariances).LogMarginals(z);

        GaussianMixtureDensity single = new(
            logWeights.to_type(ScalarType.Float32), means.to_type(ScalarType.Float32), logVariances.to_type(ScalarType.Float32));
        Tensor actual = single.LogMarginals(z.to_type(ScalarType.Float32));

        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.Equal(z.shape, actual.shape);
        Tensor error = (actual.to_type(ScalarType.Float64) - expected).abs() / (expected.abs() + 1);
        Assert.True(error.max().ToDouble() < 1e-5, $"{error.max().ToDouble()}");
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.1999, 0)]
    [InlineData(0.2001, 1)]
    [InlineData(0.6999, 1)]
    [InlineData(0.7001, 2)]
    [InlineData(0.99999994, 2)]
    public void The_uniform_draw_chooses_the_component_and_temperature_zero_its_mean(double uniform, int component)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] sample = Mixture(2)
            .Sample(ones(1, 2, ScalarType.Float64), tensor(new[] { uniform }), temperature: 0)
            .data<double>()
            .ToArray();

        Assert.Equal(Means[(2 * component)..(2 * component + 2)], sample);
    }

    [Fact]
    public void The_entropy_of_its_samples_is_that_of_its_density()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(8);
        Tensor axis = linspace(-10, 10, 401, ScalarType.Float64);
        Tensor plane = stack([axis.unsqueeze(1).expand(401, 401), axis.unsqueeze(0).expand(401, 401)], -1);
        Tensor log = Mixture(2).LogProbability(plane);
        double expected = (log.exp() * log).sum().ToDouble() * 0.05 * 0.05; // E log p by quadrature

        Tensor samples = Mixture(2).Sample(
            SmallModel.Normal(7, 100_000, 2), rand([100_000L], ScalarType.Float64, generator: generator), temperature: 1);

        DrawnMean.OfTensor(Mixture(2).LogProbability(samples)).AssertIs(expected);
    }

    [Fact]
    public void The_gradient_is_that_of_central_differences()
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallModel model = new("mixture");
        Tensor z = SmallModel.Normal(1, 3, 2);

        CentralDifferences.AssertGradients(model.Model.Prior, () => model.Model.Prior.At(null).LogProbability(z).sum());
        CentralDifferences.AssertGradients(model.Model.Prior, () => ((IMarginals)model.Model.Prior.At(null)).LogMarginals(z).sum());
    }

    // The first dimension alone, or both.
    private static GaussianMixtureDensity Mixture(int dimensions) => new(
        tensor(Weights).log(), tensor(Means, [3, 2]).narrow(1, 0, dimensions), tensor(LogVariances, [3, 2]).narrow(1, 0, dimensions));

    private static double Density(ReadOnlySpan<double> z)
    {
        double sum = 0;
        for (int c = 0; c < 3; c++)
        {
            sum += Weights[c] * Normal(z[0], 2 * c) * Normal(z[1], (2 * c) + 1);
        }

        return sum;
    }

    private static double Normal(double x, int index)
    {
        double variance = Math.Exp(LogVariances[index]);
        return Math.Exp(-0.5 * (x - Means[index]) * (x - Means[index]) / variance) / Math.Sqrt(2 * Math.PI * variance);
    }
}
