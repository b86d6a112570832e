namespace Vae.Core.Tests.Likelihoods;

/// <summary>Holds the gradients of a log-probability to central differences, in float64.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>With respect to the decoder's output, [K, B, O].</summary>
    public static void OfOutput(Likelihood likelihood, double[,,] output, double[,] target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor targets = tensor(target);
        Tensor leaf = tensor(output).requires_grad_();
        Weighted(likelihood, leaf, targets).backward();
        double[] actual = leaf.grad!.contiguous().data<double>().ToArray();
        double[] flat = [.. output.Cast<double>()];
        for (int i = 0; i < flat.Length; i++)
        {
            double expected = (At(i, Step) - At(i, -Step)) / (2 * Step);
            Assert.True(
                Math.Abs(actual[i] - expected) < 1e-6 * (1 + Math.Abs(expected)),
                $"output {i} ({flat[i]}): {actual[i]} against {expected}");
        }

        double At(int index, double shift)
        {
            double[] shifted = [.. flat];
            shifted[index] += shift;
            return Weighted(likelihood, tensor(shifted).view(leaf.shape), targets).ToDouble();
        }
    }

    /// <summary>With respect to the likelihood's own parameters.</summary>
    public static void OfParameters(Likelihood likelihood, double[,,] output, double[,] target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor outputs = tensor(output);
        Tensor targets = tensor(target);
        int checkedParameters = 0;
        foreach (TorchSharp.Modules.Parameter parameter in likelihood.parameters())
        {
            parameter.grad?.zero_();
            Weighted(likelihood, outputs, targets).backward();
            double expected = (At(Step) - At(-Step)) / (2 * Step);
            Assert.Equal(expected, parameter.grad!.ToDouble(), 1e-6 * (1 + Math.Abs(expected)));
            checkedParameters++;

            double At(double shift)
            {
                using IDisposable noGradient = no_grad();
                parameter.add_(shift);
                double value = Weighted(likelihood, outputs, targets).ToDouble();
                parameter.add_(-shift);
                return value;
            }
        }

        Assert.True(checkedParameters > 0);
    }

    // Rows weigh differently, so that a mix-up of draws or images shows.
    private static Tensor Weighted(Likelihood likelihood, Tensor output, Tensor target)
    {
        Tensor value = likelihood.LogProbability(output, target); // [K, B]
        return (value * arange(1, value.numel() + 1).to_type(ScalarType.Float64).view(value.shape)).sum();
    }
}
