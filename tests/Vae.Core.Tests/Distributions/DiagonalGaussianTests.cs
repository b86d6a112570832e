namespace Vae.Core.Tests.Distributions;

public class DiagonalGaussianTests
{
    private static readonly double[] Mean = [0.3, -1.2, 2.0, 0.0];
    private static readonly double[] LogVariance = [-0.5, 0.7, -2.0, 0.0];

    [Fact]
    public void The_log_probability_is_the_sum_over_dimensions_of_the_normal_density()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] z = [0.1, 0.2, 1.5, -0.4];
        double expected = Enumerable.Range(0, 4).Sum(d => NormalLogDensity(z[d], Mean[d], Math.Exp(0.5 * LogVariance[d])));

        Tensor actual = Gaussian().LogProbability(tensor(z).unsqueeze(0));

        Assert.Equal(expected, actual.ToDouble(), 12);
    }

    [Fact]
    public void The_standard_normal_is_the_gaussian_of_mean_zero_and_log_variance_zero()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor z = tensor(new[] { 0.1, 0.2, 1.5, -0.4 }).unsqueeze(0);
        DiagonalGaussian standard = new(zeros_like(z), zeros_like(z));

        Assert.Equal(standard.LogProbability(z).ToDouble(), new StandardNormalDensity().LogProbability(z).ToDouble(), 12);
    }

    [Fact]
    public void The_KL_of_the_standard_normal_from_itself_is_zero_in_every_dimension()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor kl = new DiagonalGaussian(zeros(3, 5, ScalarType.Float64), zeros(3, 5, ScalarType.Float64)).KlFromStandardNormal();

        Assert.Equal([3L, 5L], kl.shape);
        Assert.All(kl.data<double>().ToArray(), value => Assert.Equal(0, value, 15));
    }

    [Fact]
    public void The_closed_form_KL_equals_its_Monte_Carlo_estimate_within_four_standard_errors()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(7);
        DiagonalGaussian q = Gaussian();
        Tensor noise = randn(new long[] { 200_000, 1, 4 }, ScalarType.Float64, generator: generator);
        Tensor z = q.Reparameterize(noise);
        double[] draws = (q.LogProbability(z) - new StandardNormalDensity().LogProbability(z)).flatten().data<double>().ToArray();
        double mean = draws.Average();
        double standardError = Math.Sqrt(draws.Sum(x => (x - mean) * (x - mean)) / (draws.Length - 1.0) / draws.Length);

        double closedForm = q.KlFromStandardNormal().sum().ToDouble();

        Assert.InRange(mean, closedForm - (4 * standardError), closedForm + (4 * standardError));
    }

    [Fact]
    public void Reparameterized_draws_carry_gradients_to_mean_and_log_variance()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor(Mean).unsqueeze(0).requires_grad_();
        Tensor logVariance = tensor(LogVariance).unsqueeze(0).requires_grad_();
        double[] noise = [0.5, -1.0, 2.0, 0.1];

        new DiagonalGaussian(mean, logVariance).Reparameterize(tensor(noise).unsqueeze(0)).sum().backward();

        Assert.Equal([1, 1, 1, 1], mean.grad!.data<double>().ToArray());
        double[] expected = [.. Enumerable.Range(0, 4).Select(d => 0.5 * Math.Exp(0.5 * LogVariance[d]) * noise[d])];
        double[] actual = logVariance.grad!.data<double>().ToArray();
        Assert.All(Enumerable.Range(0, 4), d => Assert.Equal(expected[d], actual[d], 12));
    }

    private static DiagonalGaussian Gaussian() => new(tensor(Mean).unsqueeze(0), tensor(LogVariance).unsqueeze(0));

    private static double NormalLogDensity(double x, double mean, double deviation) =>
        (-0.5 * Math.Pow((x - mean) / deviation, 2)) - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI));
}
