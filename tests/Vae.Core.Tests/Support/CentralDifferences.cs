namespace Vae.Core.Tests.Support;

/// <summary>Holds gradients to central differences in float64.</summary>
internal static class CentralDifferences
{
    private const double Step = 1e-5;

    /// <summary>Asserts that every element of every parameter has the gradient that small changes of it show.</summary>
    public static void AssertGradients(nn.Module module, Func<Tensor> value)
    {
        foreach ((_, Parameter parameter) in module.named_parameters())
        {
            parameter.grad?.zero_();
        }

        value().backward();
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            double[] gradient = parameter.grad is { } computed
                ? computed.flatten().data<double>().ToArray()
                : new double[parameter.numel()];
            using Tensor flat = parameter.detach().view(-1);
            for (int i = 0; i < gradient.Length; i++)
            {
                double difference = (At(flat, i, Step, value) - At(flat, i, -Step, value)) / (2 * Step);
                Assert.True(
                    Math.Abs(gradient[i] - difference) < 1e-7 * (1 + Math.Abs(difference)),
                    $"{name}[{i}]: gradient {gradient[i]}, difference {difference}");
            }
        }
    }

    private static double At(Tensor flat, int index, double change, Func<Tensor> value)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor element = flat.narrow(0, index, 1);
        double before = element.ToDouble();
        element.fill_(before + change);
        double result = value().ToDouble();
        element.fill_(before);
        return result;
    }
}
