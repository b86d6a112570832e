namespace Vae.Core.Tests.Distributions;

public class LogVarianceBoundTests
{
    private static readonly LogVarianceBound Papers = new(-6, 2);

    [Fact]
    public void It_is_the_formula_of_two_softplus()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] values = [-12, -6, -5.9, -3, 0, 1.5, 2, 2.1, 9];

        double[] bounded = Papers.Apply(tensor(values)).data<double>().ToArray();

        Assert.All(
            Enumerable.Range(0, values.Length), i => Assert.Equal(-6 + Softplus(values[i] + 6) - Softplus(values[i] - 2), bounded[i], 12));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Whatever_the_encoder_gives_the_result_lies_within_the_limits_and_rises(ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] values = [-1e30, -1e6, -50, -7, -6, 0, 2, 3, 50, 1e6, 1e30];

        double[] bounded = Papers.Apply(tensor(values).to_type(type)).to_type(ScalarType.Float64).data<double>().ToArray();

        Assert.Equal(bounded.Order(), bounded);
        Assert.Equal(-6, bounded[0], 3);
        Assert.Equal(2, bounded[^1], 3);
        Assert.All(bounded, value => Assert.InRange(value, -6, 2));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(1.5)]
    public void Inside_the_error_is_less_than_the_exponential_of_the_distance_from_the_nearer_limit(double value)
    {
        using DisposeScope scope = NewDisposeScope();
        double distance = Math.Min(value + 6, 2 - value);

        double error = Papers.Apply(tensor(new[] { value })).ToDouble() - value;

        Assert.InRange(Math.Abs(error), 0, Math.Exp(-distance));
    }

    [Fact]
    public void The_wide_limits_change_no_bit_of_what_training_meets()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = linspace(-10, 10, 1001, ScalarType.Float32);

        Assert.Equal(values.data<float>().ToArray(), LogVarianceBound.Wide.Apply(values).data<float>().ToArray());
    }

    [Fact]
    public void The_gradient_is_that_of_central_differences_and_lives_beyond_the_limits()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] values = [-15, -6.5, -5.5, -1, 1.9, 2.1, 12];
        Tensor input = tensor(values).requires_grad_();

        Papers.Apply(input).sum().backward();

        double[] gradient = input.grad!.data<double>().ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            double above = Papers.Apply(tensor(new[] { values[i] + 1e-5 })).ToDouble();
            double below = Papers.Apply(tensor(new[] { values[i] - 1e-5 })).ToDouble();
            Assert.Equal((above - below) / 2e-5, gradient[i], 8);
            Assert.True(gradient[i] > 0);
        }
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
