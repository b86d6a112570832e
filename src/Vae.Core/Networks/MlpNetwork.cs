using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vae.Core.Networks;

/// <summary>
/// Dense layers, each followed by the activation. Parameters are named as in a PyTorch nn.Sequential of Linear and activation:
/// "0.weight", "0.bias", "2.weight", …. Without hidden layers it is the identity.
/// </summary>
public sealed class MlpNetwork : FeatureNetwork
{
    private readonly Sequential? _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="inputFeatures">Numbers in a row of input.</param>
    /// <param name="hidden">Widths of the layers.</param>
    /// <param name="activation">The nonlinearity after each layer.</param>
    public MlpNetwork(int inputFeatures, IReadOnlyList<int> hidden, Activation activation)
        : base("mlp", inputFeatures, hidden.Count == 0 ? inputFeatures : hidden[^1])
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        int width = inputFeatures;
        foreach (int next in hidden)
        {
            layers.Add(nn.Linear(width, next));
            layers.Add(activation.ToModule());
            width = next;
        }

        if (layers.Count > 0)
        {
            _layers = nn.Sequential(layers);
            register_module("layers", _layers);
        }
    }

    /// <inheritdoc/>
    /// <param name="input">[N, InputFeatures].</param>
    /// <returns>[N, OutputFeatures].</returns>
    public override Tensor forward(Tensor input) => _layers is null ? input : _layers.forward(input);
}
