namespace Vae.Core.Networks;

/// <summary>
/// Dense layers, each followed by the normalization, if any, and the activation: a PyTorch nn.Sequential of (Linear, normalization,
/// activation)….
/// </summary>
internal sealed record MlpConfiguration : DenseNetworkConfiguration
{
    public ValueList<int> Hidden { get; init; } = [400];
    public Activation Activation { get; init; } = Activation.Relu;
    public Normalization Normalization { get; init; } = Normalization.None;

    private protected override IReadOnlyList<int> Widths => Hidden;

    public static MlpConfiguration Map(ConfigurationVisitor visitor, MlpConfiguration value) => value with
    {
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of each hidden layer; [] for a linear map"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity after each hidden layer"),
        Normalization = visitor.Choice(
            "normalization", value.Normalization, "what stands before the nonlinearity", [Normalization.None, Normalization.Layer]),
    };

    public override FeatureNetwork BuildRows(int inputFeatures, Device? device = null)
    {
        List<nn.Module<Tensor, Tensor>> layers = Layers(inputFeatures, Hidden, Activation, Normalization, device);
        return new FeatureNetwork(
            layers,
            Normalization == Normalization.None
                ? [.. layers.OfType<Linear>().Select(layer => new DenseBlock(layer, Activation: Activation))]
                : null);
    }

    public static List<nn.Module<Tensor, Tensor>> Layers(
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

/// <summary>No hidden layer: with a Gaussian likelihood the model is probabilistic PCA.</summary>
internal sealed record LinearConfiguration : DenseNetworkConfiguration
{
    private protected override IReadOnlyList<int> Widths => [];

    public override FeatureNetwork BuildRows(int inputFeatures, Device? device = null) => new([], []);
}
