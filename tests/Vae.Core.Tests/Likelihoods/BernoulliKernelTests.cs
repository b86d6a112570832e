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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 0.25f)]
    [InlineData(784, 0.01f)]
    [InlineData(783, 1)]
    [InlineData(12_291, 1)]
    public void Values_and_gradients_in_one_pass_agree_with_the_formulas_in_double_precision(int pixels, float scale)
    {
        Random random = new(pixels);
        float[] logits = [.. Enumerable.Range(0, pixels).Select(_ => (float)((random.NextDouble() - 0.5) * 20))];
        float[] bias = [.. Enumerable.Range(0, pixels).Select(_ => (float)(random.NextDouble() - 0.5))];
        float[] target = [.. Enumerable.Range(0, pixels).Select(_ => (float)random.Next(2))];
        float[] sums = [.. logits.Zip(bias, (logit, shift) => logit + shift)];
        double expected = sums.Zip(target).Sum(pair => (pair.Second * (double)pair.First) - Softplus(pair.First));

        double value = BernoulliKernel.LogProbabilityAndGradient(logits, bias, target, scale);

        Assert.Equal(expected, value, 1e-6 * (pixels + Math.Abs(expected)));
        for (int i = 0; i < pixels; i++)
        {
            double gradient = scale * (target[i] - (1 / (1 + Math.Exp(-(double)sums[i]))));
            Assert.Equal(gradient, logits[i], 3e-7 * scale);
        }
    }

    [Fact]
    public void The_gradient_of_logits_of_any_size_is_the_error_of_the_prediction()
    {
        float[] sizes = [0, 1e-38f, -1e-38f, 40, -40, 100, -100, 1e30f, -1e30f];
        foreach (float size in sizes)
        {
            foreach (float x in new float[] { 0, 1 })
            {
                float[] logits = [.. Enumerable.Repeat(size, 19)]; // a vector and a tail
                double value = BernoulliKernel.LogProbabilityAndGradient(logits, new float[19], [.. Enumerable.Repeat(x, 19)], 2);

                double error = 2 * (x - (1 / (1 + Math.Exp(-(double)size))));
                Assert.All(logits, gradient => Assert.Equal(error, gradient, 1e-6));
                double expected = 19 * ((x * (double)size) - Softplus(size));
                Assert.Equal(expected, value, 1e-6 * Math.Abs(expected));
            }
        }
    }

    [Fact]
    public void A_wrong_prediction_that_is_certain_keeps_the_precision_of_its_small_rest()
    {
        float[] logits = [.. Enumerable.Repeat(-60f, 17)];
        BernoulliKernel.LogProbabilityAndGradient(logits, new float[17], new float[17], 1);

        Assert.All(logits, gradient => Assert.Equal(-Math.Exp(-60), gradient, 1e-5 * Math.Exp(-60))); // −σ(−60), not 0
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
