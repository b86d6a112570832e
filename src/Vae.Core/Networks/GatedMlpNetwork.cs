namespace Vae.Core.Networks;

/// <summary>
/// Dense layers h ⊙ σ(g) whose gates are the only nonlinearity (Dauphin et al. 2017; the networks of Tomczak and Welling 2018).
/// Parameters are named "layers.0.h.weight", "layers.0.g.weight", ….
/// </summary>
public sealed class GatedMlpNetwork : FeatureNetwork
{
    private readonly List<DenseBlock> _blocks = [];

    [ComponentName(Name = "layers")]
    private readonly Sequential? _layers;

    /// <summary>Creates the layers; their weights are as the tensor library draws them until an initializer sets them.</summary>
    /// <param name="inputFeatures">Numbers in a row of input.</param>
    /// <param name="hidden">Widths of the layers; none for the identity.</param>
    /// <param name="device">Where they are made; null for the CPU.</param>
    public GatedMlpNetwork(int inputFeatures, IReadOnlyList<int> hidden, Device? device = null)
        : base("gated_mlp", inputFeatures, MlpNetwork.OutputWidth(inputFeatures, hidden))
    {
        if (hidden.Count > 0)
        {
            GatedLinear[] layers = [.. hidden.Select((width, i) => new GatedLinear(i == 0 ? inputFeatures : hidden[i - 1], width, device))];
            _blocks.AddRange(layers.Select(layer => layer.Block));
            _layers = nn.Sequential(layers.Select(layer => (nn.Module<Tensor, Tensor>)layer));
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <param name="input">[N, InputFeatures].</param>
    /// <returns>[N, OutputFeatures].</returns>
    public override Tensor forward(Tensor input) => _layers is null ? input : _layers.forward(input);

    internal override IReadOnlyList<DenseBlock> DenseBlocks => _blocks;

    private sealed class GatedLinear : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "h")]
        private readonly Linear _h;

        [ComponentName(Name = "g")]
        private readonly Linear _g;

        public GatedLinear(int inputFeatures, int outputFeatures, Device? device)
            : base("gated_linear")
        {
            _h = nn.Linear(inputFeatures, outputFeatures, device: device);
            _g = nn.Linear(inputFeatures, outputFeatures, device: device);
            RegisterComponents();
            Block = new DenseBlock(_h, _g);
        }

        public DenseBlock Block { get; }

        public override Tensor forward(Tensor input) =>
            Block.CanInfer(input) ? Block.Infer(input) : _h.forward(input) * _g.forward(input).sigmoid();
    }
}
