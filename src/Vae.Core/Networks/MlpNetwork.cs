namespace Vae.Core.Networks;

/// <summary>
/// Dense layers, each followed by the normalization, if any, and the activation. Parameters are named as in a PyTorch nn.Sequential:
/// "0.weight", "0.bias", "2.weight", …. Without hidden layers it is the identity, and what is built on it is linear.
/// </summary>
public sealed class MlpNetwork : FeatureNetwork
{
    private readonly List<DenseBlock>? _blocks;

    [ComponentName(Name = "layers")]
    private readonly Sequential? _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="inputFeatures">Numbers in a row of input.</param>
    /// <param name="hidden">Widths of the layers.</param>
    /// <param name="activation">The nonlinearity after each layer.</param>
    /// <param name="normalization">What stands between a layer and its activation; none or layer.</param>
    /// <param name="device">Where they are made; null for the CPU.</param>
    public MlpNetwork(
        int inputFeatures, IReadOnlyList<int> hidden, Activation activation, Normalization normalization = Normalization.None, Device? device = null)
        : base("mlp", inputFeatures, OutputWidth(inputFeatures, hidden))
    {
        List<nn.Module<Tensor, Tensor>> layers = Layers(inputFeatures, hidden, activation, normalization, device);
        _blocks = normalization == Normalization.None
            ? [.. layers.OfType<Linear>().Select(layer => new DenseBlock(layer, Activation: activation))]
            : null;
        _layers = layers.Count > 0 ? nn.Sequential(layers) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <param name="input">[N, InputFeatures].</param>
    /// <returns>[N, OutputFeatures].</returns>
    public override Tensor forward(Tensor input)
    {
        if (_layers is null)
        {
            return input;
        }

        return _blocks is { } blocks && blocks.TrueForAll(block => block.CanInfer(input))
            ? blocks.Aggregate(input, (values, block) => block.Infer(values))
            : _layers.forward(input);
    }

    internal override IReadOnlyList<DenseBlock>? DenseBlocks => _blocks;

    internal static int OutputWidth(int inputFeatures, IReadOnlyList<int> hidden) => hidden.Count == 0 ? inputFeatures : hidden[^1];

    internal static List<nn.Module<Tensor, Tensor>> Layers(
        int inputFeatures, IReadOnlyList<int> hidden, Activation activation, Normalization normalization, Device? device)
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        int width = inputFeatures;
        foreach (int next in hidden)
        {
            layers.Add(nn.Linear(width, next, device: device));
            if (normalization.ForRows(next, device) is { } norm)
            {
                layers.Add(norm);
            }

            layers.Add(activation.ToModule());
            width = next;
        }

        return layers;
    }
}
