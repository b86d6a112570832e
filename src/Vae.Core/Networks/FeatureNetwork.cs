namespace Vae.Core.Networks;

/// <summary>
/// The layers of an encoder before its heads, or of a decoder before its output: one PyTorch nn.Sequential "layers", and the identity where
/// there are none.
/// </summary>
internal sealed class FeatureNetwork : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "layers")]
    private readonly Sequential? _layers;

    public FeatureNetwork(List<nn.Module<Tensor, Tensor>> layers, IReadOnlyList<DenseBlock>? denseBlocks = null)
        : base("features")
    {
        _layers = layers.Count > 0 ? nn.Sequential(layers) : null;
        DenseBlocks = denseBlocks;
        RegisterComponents();
    }

    /// <summary>The layers, where all of them are dense and nothing else stands between them; else null.</summary>
    public IReadOnlyList<DenseBlock>? DenseBlocks { get; }

    public override Tensor forward(Tensor input)
    {
        if (_layers is null)
        {
            return input;
        }

        return DenseBlocks is { } blocks && blocks.All(block => block.CanInfer(input))
            ? blocks.Aggregate(input, (values, block) => block.Infer(values))
            : _layers.forward(input);
    }
}

/// <summary>A dense layer as it stands in a network.</summary>
/// <param name="Map">The linear map.</param>
/// <param name="Gate">The map of the gate h ⊙ σ(g); null for none.</param>
/// <param name="Activation">The nonlinearity after it; null for none.</param>
internal sealed record DenseBlock(Linear Map, Linear? Gate = null, Activation? Activation = null)
{
    private readonly ActivationKernel? _kernel = ActivationKernel.For(Activation);

    /// <summary>Whether <see cref="Infer"/> may take the modules' place for an input.</summary>
    public bool CanInfer(Tensor input) =>
        !is_grad_enabled() && input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32
        && (_kernel is not null || Gate is not null);

    /// <summary>The layer's values without gradients: the products, then bias and nonlinearity in one pass, not up to five.</summary>
    /// <param name="input">[N, in], float32 on the CPU.</param>
    /// <returns>[N, out].</returns>
    public Tensor Infer(Tensor input)
    {
        Tensor products = input.matmul(Map.weight.t());
        if (Gate is null)
        {
            _kernel!.Forward(TensorMemory.Of<float>(products), TensorMemory.Of<float>(Map.bias!));
            return products;
        }

        using Tensor gates = input.matmul(Gate.weight.t());
        GateKernel.Multiply(
            TensorMemory.Of<float>(
                products), TensorMemory.Of<float>(gates), TensorMemory.Of<float>(Map.bias!), TensorMemory.Of<float>(Gate.bias!));
        return products;
    }
}
