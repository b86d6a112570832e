namespace Vae.Core.Tests.Networks;

public class ActivationKernelTests
{
    public static TheoryData<Activation?, int> Cases()
    {
        TheoryData<Activation?, int> cases = [];
        IEnumerable<Activation?> activations = Enum.GetValues<Activation>().Select(one => (Activation?)one).Append(null);
        foreach (Activation? activation in activations.Where(one => ActivationKernel.For(one) is not null))
        {
            foreach (int width in new[] { 1, 16, 19, 37 })
            {
                cases.Add(activation, width);
            }
        }

        return cases;
    }

    [Fact]
    public void There_are_kernels_for_those_activations_whose_slope_their_value_tells()
    {
        Assert.NotNull(ActivationKernel.For(null));
        Assert.Equal(
            [Activation.Elu, Activation.LeakyRelu, Activation.Relu, Activation.Softplus, Activation.Tanh],
            Enum.GetValues<Activation>()
                .Where(one => ActivationKernel.For(one) is not null)
                .OrderBy(one => one.ToString(), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_slopes_are_those_of_double_precision(Activation? activation, int width)
    {
        ActivationKernel kernel = ActivationKernel.For(activation)!;
        (Func<double, double> value, Func<double, double> slope) = Formulas(activation);
        float[] bias = [.. Enumerable.Range(0, width).Select(i => i % 2 == 0 ? 0 : 0.25f)];
        // A row each.
        float[] inputs = [.. Engine.VectorsTests.Points.Where(x => Math.Abs(x) < 1e30).SelectMany(x => Enumerable.Repeat(x, width))];
        float[] rows = [.. inputs];
        kernel.Forward(rows, bias);
        float[] gradient = [.. Enumerable.Repeat(3f, rows.Length)];
        kernel.Backward(gradient, rows);

        for (int i = 0; i < rows.Length; i++)
        {
            double x = inputs[i] + bias[i % width]; // in float32, as the kernel adds them
            double y = value(x);
            Assert.True(Math.Abs(rows[i] - y) <= 1e-6 * Math.Abs(y) + 1e-7, $"f({x}) is {rows[i]} instead of {y}");
            double wanted = 3 * slope(x);
            Assert.True(
                Math.Abs(gradient[i] - wanted) <= 3e-6 * (1 + Math.Abs(wanted)),
                $"the slope at {x} is {gradient[i] / 3} instead of {wanted / 3}");
        }
    }

    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Elu)]
    public void What_passes_through_zero_keeps_its_digits_there(Activation activation)
    {
        Func<double, double> formula = activation == Activation.Tanh ? Math.Tanh : ExpMinusOne;
        float[] inputs = [0, -1e-30f, -1e-7f, -1e-4f, -0.01f, -0.0499f, -0.0501f, -0.0547f, -0.0549f, -0.06f, -0.1f];
        float[] values = [.. inputs];
        ActivationKernel.For(activation)!.Forward(values, new float[inputs.Length]);

        Assert.All(inputs.Zip(values), pair => Assert.Equal(formula(pair.First), pair.Second, 3e-6 * Math.Abs(formula(pair.First))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(21)]
    public void A_gate_multiplies_its_values_and_takes_its_part_of_the_gradient(int width)
    {
        const int Count = 3;
        Random random = new(width);
        float[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * 8))];
        float[] products = Draw(Count * 2 * width);
        float[] bias = Draw(2 * width);
        float[] outer = Draw(Count * width);
        float[] rows = [.. products];
        float[] values = new float[Count * width];
        GateKernel.Forward(rows, bias, values);
        GateKernel.Backward(outer, rows, width);

        for (int i = 0; i < values.Length; i++)
        {
            int h = (i / width * 2 * width) + (i % width);
            double whole = (double)products[h] + bias[i % width];
            double gate = 1 / (1 + Math.Exp(-((double)products[h + width] + bias[(i % width) + width])));
            Assert.Equal(whole * gate, values[i], 1e-5);
            Assert.Equal(outer[i] * gate, rows[h], 1e-5);
            Assert.Equal(outer[i] * whole * gate * (1 - gate), rows[h + width], 1e-5);
        }
    }

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    private static (Func<double, double> Value, Func<double, double> Slope) Formulas(Activation? activation) => activation switch
    {
        null => (x => x, _ => 1),
        Activation.Relu => (x => Math.Max(x, 0), x => x > 0 ? 1 : 0),
        Activation.LeakyRelu => (x => x > 0 ? x : 0.01 * x, x => x > 0 ? 1 : 0.01),
        Activation.Tanh => (Math.Tanh, x => 1 - (Math.Tanh(x) * Math.Tanh(x))),
        Activation.Elu => (x => x > 0 ? x : ExpMinusOne(x), x => x > 0 ? 1 : Math.Exp(x)),
        Activation.Softplus => (x => Math.Max(x, 0) + Engine.VectorsTests.LogOnePlus(Math.Exp(-Math.Abs(x))), x => 1 / (1 + Math.Exp(-x))),
        _ => throw new NotSupportedException($"{activation} has no formula here."),
    };
}
