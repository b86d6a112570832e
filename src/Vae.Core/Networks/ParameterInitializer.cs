namespace Vae.Core.Networks;

/// <summary>How the first weights of linear and convolutional layers are drawn.</summary>
public enum Initializer
{
    /// <summary>As PyTorch's layers do by default: weights and biases uniform within ±1/√fan-in.</summary>
    Pytorch,

    /// <summary>Weights normal with variance 2/fan-in, biases 0 (He et al. 2015), for ReLU and its kin.</summary>
    He,

    /// <summary>Weights uniform within ±√(6/(fan-in + fan-out)), biases 0 (Glorot and Bengio 2010), for tanh.</summary>
    Xavier,

    /// <summary>Weights with orthonormal rows, or columns where those are fewer, biases 0 (Saxe et al. 2014).</summary>
    Orthogonal,
}

/// <summary>Draws a model's first weights from a seed, the same on every machine.</summary>
internal static class ParameterInitializer
{
    /// <summary>Sets every weight and bias of linear and (transposed) convolutional layers. Normalizations keep ones and zeros.</summary>
    /// <param name="module">The model; its layers are visited in the order of their registration, each once.</param>
    /// <param name="stream">Where the draws come from; the n-th tensor takes the n-th counter.</param>
    /// <param name="initializer">How they are drawn.</param>
    public static void Initialize(nn.Module module, RandomStream stream, Initializer initializer = Initializer.Pytorch)
    {
        using IDisposable noGradient = no_grad();
        long index = 0;
        foreach (Layer layer in module.modules().Select(Layer.Of).OfType<Layer>())
        {
            using DisposeScope scope = NewDisposeScope();
            double libraryBound = 1 / Math.Sqrt(layer.LibraryFanIn);
            layer.Weight.copy_(initializer switch
            {
                Initializer.Pytorch => Uniform(layer.Weight, libraryBound),
                Initializer.He => Normal(layer.Weight) * Math.Sqrt(2 / layer.FanIn),
                Initializer.Xavier => Uniform(layer.Weight, Math.Sqrt(6 / (layer.FanIn + layer.FanOut))),
                Initializer.Orthogonal => OrthogonalMatrix.Orthonormalize(Normal(layer.Weight)),
                _ => throw new ArgumentOutOfRangeException(nameof(initializer), initializer, null),
            });
            index++;
            if (layer.Bias is { } bias)
            {
                bias.copy_(initializer == Initializer.Pytorch ? Uniform(bias, libraryBound) : zeros_like(bias));
                index++;
            }
        }

        // All draws are made on the CPU: one seed, one model.
        Tensor Uniform(Tensor like, double bound) => (Noise.Uniform(stream, index, 0, CPU, like.shape) * (2 * bound)) - bound;
        Tensor Normal(Tensor like) => Noise.Normal(stream, index, 0, CPU, like.shape);
    }

    /// <summary>A layer's parameters and the numbers that each of its outputs and inputs depends on.</summary>
    /// <param name="Weight">The weight: [out, in], [out, in, h, w], or transposed [in, out, h, w].</param>
    /// <param name="Bias">The bias, if any.</param>
    /// <param name="FanIn">Inputs that reach an output.</param>
    /// <param name="FanOut">Outputs that an input reaches.</param>
    /// <param name="LibraryFanIn">What PyTorch takes for the fan-in: the second dimension and what follows, whatever the layer.</param>
    private sealed record Layer(Parameter Weight, Parameter? Bias, double FanIn, double FanOut, double LibraryFanIn)
    {
        public static Layer? Of(nn.Module module) => module switch
        {
            Linear layer => Create(layer.weight!, layer.bias, 1, isTransposed: false),
            Convolution layer => Create(layer.weight, layer.bias, layer.stride[0] * layer.stride[1], layer.transposed),
            _ => null,
        };

        // An output of a strided convolution depends on all inputs under the kernel, an input reaches only one in stride as many outputs;
        // transposed it is the other way round.
        private static Layer Create(Parameter weight, Parameter? bias, double stride, bool isTransposed)
        {
            long[] shape = weight.shape;
            double kernel = shape[2..].Aggregate(1L, (product, side) => product * side);
            (double many, double few) = (kernel * shape[1], kernel * shape[0] / stride);
            return isTransposed ? new(weight, bias, few, many, many) : new(weight, bias, many, few, many);
        }
    }
}
