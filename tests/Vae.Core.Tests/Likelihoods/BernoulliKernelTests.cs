using Vae.Core.Likelihoods;

namespace Vae.Core.Tests.Likelihoods;

public class BernoulliKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(784)]
    [InlineData(12_288)] // so many that the product of softplus terms must be flushed
    public void It_agrees_with_the_formula_in_double_precision(int pixels)
    {
        Random random = new(pixels);
        float[] logits = [.. Enumerable.Range(0, pixels).Select(_ => (float)((random.NextDouble() - 0.5) * 20))];
        float[] target = [.. Enumerable.Range(0, pixels).Select(_ => (float)random.Next(2))];
        double expected = logits.Zip(target).Sum(pair => (pair.Second * (double)pair.First) - Softplus(pair.First));

        Assert.Equal(expected, BernoulliKernel.LogProbability(logits, target), 1e-6 * (pixels + Math.Abs(expected)));
    }

    [Fact]
    public void Logits_of_any_size_stay_finite()
    {
        float[] logits = [.. Enumerable.Repeat(3e38f, 16), .. Enumerable.Repeat(-3e38f, 16), .. Enumerable.Repeat(0f, 300)];
        float[] target = [.. Enumerable.Repeat(1f, 16), .. Enumerable.Repeat(0f, 16), .. Enumerable.Repeat(1f, 300)];

        Assert.Equal(-300 * Math.Log(2), BernoulliKernel.LogProbability(logits, target), 1e-4);
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
