using TorchSharp;
using static TorchSharp.torch;

namespace Shims.Tests;

/// <summary>Tests that use global state of libtorch (default generator, threads, counts) run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class TorchTests
{
    public const string Name = "libtorch";
}

internal static class TorchTest
{
    /// <summary>A tensor of float64 with the given elements and shape.</summary>
    public static Tensor Doubles(double[] elements, params long[] shape) =>
        shape.Length == 0 ? tensor(elements) : tensor(elements, shape.AsSpan());

    /// <summary>Numbers of float64, uniform within the bounds and the same in every run.</summary>
    public static Tensor Uniform(double low, double high, params long[] shape)
    {
        var random = new Random(11);
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return Doubles([.. Enumerable.Range(0, (int)count).Select(_ => low + ((high - low) * random.NextDouble()))], shape);
    }

    public static double[] Elements(Tensor tensor)
    {
        using var doubles = tensor.to_type(ScalarType.Float64);
        return doubles.data<double>().ToArray();
    }

    public static void Near(double[] expected, Tensor actual, double tolerance = 1e-12)
    {
        var elements = Elements(actual);
        Assert.Equal(expected.Length, elements.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                (double.IsNaN(expected[i]) && double.IsNaN(elements[i])) || expected[i] == elements[i]
                || Math.Abs(expected[i] - elements[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"element {i}: expected {expected[i]:R}, got {elements[i]:R}");
        }
    }

    /// <summary>Holds the gradient of the sum of a function's result to central differences.</summary>
    public static void GradientAgrees(Func<Tensor, Tensor> function, Tensor at, double tolerance = 1e-6)
    {
        const double Step = 1e-5;
        using var input = at.clone().requires_grad_();
        function(input).sum().backward();
        var gradient = Elements(input.grad!);

        using var noGradient = no_grad();
        var elements = Elements(at);
        for (var i = 0; i < elements.Length; i++)
        {
            double Shifted(double by)
            {
                var moved = (double[])elements.Clone();
                moved[i] += by;
                return function(Doubles(moved, at.shape)).sum().ToDouble();
            }

            var slope = (Shifted(Step) - Shifted(-Step)) / (2 * Step);
            Assert.True(
                Math.Abs(slope - gradient[i]) <= tolerance * Math.Max(1, Math.Abs(slope)),
                $"element {i}: gradient {gradient[i]:R}, central difference {slope:R}");
        }
    }
}
