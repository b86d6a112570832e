using TorchSharp;
using TorchSharp.Modules;
using Vae.Core.Engine;
using static TorchSharp.torch;

namespace Vae.Core.Networks;

/// <summary>Draws a model's first weights from a seed, the same on every machine.</summary>
public static class ParameterInitializer
{
    /// <summary>
    /// Sets every weight and bias of linear layers to uniform draws within ±1/√fan-in, as PyTorch's layers do by default.
    /// </summary>
    /// <param name="module">The model; its layers are visited in the order of their names' registration.</param>
    /// <param name="stream">Where the draws come from; the n-th tensor takes the n-th counter.</param>
    public static void Initialize(nn.Module module, RandomStream stream)
    {
        using IDisposable noGradient = no_grad();
        long index = 0;
        foreach (Linear layer in module.modules().OfType<Linear>())
        {
            double bound = 1 / Math.Sqrt(layer.weight!.shape[1]); // weight is [out, in]
            FillUniform(layer.weight, stream, index++, bound);
            if (layer.bias is not null)
            {
                FillUniform(layer.bias, stream, index++, bound);
            }
        }
    }

    private static void FillUniform(Tensor parameter, RandomStream stream, long index, double bound)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor uniform = Noise.Uniform(stream, index, 0, CPU, parameter.shape); // drawn on the CPU: one seed, one model
        parameter.copy_((uniform * (2 * bound)) - bound);
    }
}
