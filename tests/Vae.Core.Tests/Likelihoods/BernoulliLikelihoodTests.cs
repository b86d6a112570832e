namespace Vae.Core.Tests.Likelihoods;

public class BernoulliLikelihoodTests
{
    private static readonly double[] Logits = [-3.0, 0.4, 1.7, 12.0];

    [Fact]
    public void The_probabilities_of_all_images_sum_to_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using BernoulliLikelihood likelihood = new(4);
        double total = 0;
        for (int image = 0; image < 16; image++)
        {
            double[] pixels = [.. Enumerable.Range(0, 4).Select(p => (double)((image >> p) & 1))];
            total += likelihood.LogProbability(tensor(Logits).view(1, 1, 4), tensor(pixels).view(1, 4)).exp().ToDouble();
        }

        Assert.Equal(1, total, 12);
    }

    [Fact]
    public void The_log_probability_is_summed_over_pixels_and_kept_per_draw_and_image()
    {
        using DisposeScope scope = NewDisposeScope();
        using BernoulliLikelihood likelihood = new(4);
        Tensor output = tensor(Logits).expand(3, 2, 4);
        Tensor target = tensor(new double[] { 0, 1, 1, 0, 1, 1, 0, 1 }).view(2, 4);

        Tensor actual = likelihood.LogProbability(output, target);

        Assert.Equal([3L, 2L], actual.shape);
        double expected = LogSigmoid(3.0) + LogSigmoid(0.4) + LogSigmoid(1.7) + LogSigmoid(-12.0);
        Assert.Equal(expected, actual[0, 0].ToDouble(), 10);
    }

    [Fact]
    public void Extreme_logits_stay_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        using BernoulliLikelihood likelihood = new(2);

        double value = likelihood
            .LogProbability(tensor(new[] { 1000f, -1000f }).view(1, 1, 2), tensor(new[] { 0f, 0f }).view(1, 2))
            .ToDouble();

        Assert.Equal(-1000, value, 3);
    }

    [Fact]
    public void Draws_are_on_where_the_uniform_lies_below_the_mean()
    {
        using DisposeScope scope = NewDisposeScope();
        using BernoulliLikelihood likelihood = new(4);
        Tensor output = tensor(Logits).view(1, 4);
        double[] mean = likelihood.Mean(output).data<double>().ToArray();
        Tensor uniform = tensor(mean.Select((m, i) => i % 2 == 0 ? m - 1e-6 : m + 1e-6).ToArray()).view(1, 4);

        Assert.Equal([1, 0, 1, 0], likelihood.Sample(output, uniform).data<double>().ToArray());
    }

    private static double LogSigmoid(double x) => -Math.Log(1 + Math.Exp(-x));
}
