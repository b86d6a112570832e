namespace Vae.Core.Tests.Likelihoods;

public class ContinuousBernoulliLikelihoodTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.499)]
    [InlineData(0.62)]
    [InlineData(0.999)]
    public void It_is_the_density_of_the_paper(double lambda)
    {
        // C(λ) = 2·artanh(1 − 2λ) / (1 − 2λ), equation 8; the mean is equation 11.
        double normalizer = 2 * Math.Atanh(1 - (2 * lambda)) / (1 - (2 * lambda));
        double mean = (lambda / ((2 * lambda) - 1)) + (1 / (2 * Math.Atanh(1 - (2 * lambda))));
        LikelihoodOracle oracle = new(new ContinuousBernoulliLikelihood(1, TargetKind.UnitInterval), Math.Log(lambda / (1 - lambda)));
        foreach (double y in new[] { 0, 0.25, 0.5, 0.9, 1 })
        {
            double expected = Math.Log(normalizer) + (y * Math.Log(lambda)) + ((1 - y) * Math.Log(1 - lambda));

            Assert.Equal(expected, oracle.LogProbability(y)[0], 1e-9);
        }

        Assert.Equal(mean, oracle.Mean(), 1e-9);
    }

    [Fact]
    public void At_a_half_it_is_uniform()
    {
        LikelihoodOracle oracle = new(new ContinuousBernoulliLikelihood(1, TargetKind.UnitInterval), 0);

        Assert.Equal([0, 0, 0], oracle.LogProbability(0, 0.3, 1));
        Assert.Equal(0.5, oracle.Mean());
        Assert.Equal([0.2, 0.7], oracle.Sample(0.2, 0.7));
    }

    [Fact]
    public void Value_and_gradient_are_smooth_through_the_middle_in_float32()
    {
        using DisposeScope scope = NewDisposeScope();
        using ContinuousBernoulliLikelihood likelihood = new(1, TargetKind.UnitInterval);
        double[] logits = [.. Enumerable.Range(-2000, 4001).Select(i => i / 2000.0)];
        Tensor output = tensor(logits.Select(logit => (float)logit).ToArray()).view(1, -1, 1).requires_grad_();
        Tensor target = full([logits.Length, 1], 0.5, ScalarType.Float32);

        Tensor value = likelihood.LogProbability(output, target);
        value.sum().backward();

        float[] values = value.view(-1).data<float>().ToArray();
        float[] gradients = output.grad!.view(-1).data<float>().ToArray();
        for (int i = 0; i < logits.Length; i++)
        {
            double half = logits[i] / 2;
            double expected = half == 0 ? 0 : -Math.Log(Math.Sinh(half) / half);
            double slope = half == 0 ? 0 : -((0.5 / Math.Tanh(half)) - (1 / logits[i]));
            Assert.Equal(expected, values[i], 3e-7);
            Assert.Equal(Math.Abs(half) < 1e-3 ? -logits[i] / 12 : slope, gradients[i], 1e-6);
        }
    }
}
