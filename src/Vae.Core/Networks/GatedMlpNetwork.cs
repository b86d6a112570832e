namespace Vae.Core.Networks;

/// <summary>
/// Dense layers h ⊙ σ(g) whose gates are the only nonlinearity (Dauphin et al. 2017; the networks of Tomczak and Welling 2018).
/// Parameters are named "layers.0.h.weight", "layers.0.g.weight", ….
/// </summary>
internal sealed record GatedMlpConfiguration : DenseNetworkConfiguration
{
    public ValueList<int> Hidden { get; init; } = [300, 300];

    private protected override IReadOnlyList<int> Widths => Hidden;

    public static GatedMlpConfiguration Map(ConfigurationVisitor visitor, GatedMlpConfiguration value) => value with
    {
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of each gated layer; [] for a linear map"),
    };

    public override FeatureNetwork BuildRows(int inputFeatures, Device? device = null)
    {
        GatedLinear[] layers = [.. Hidden.Select((width, i) => new GatedLinear(i == 0 ? inputFeatures : Hidden[i - 1], width, device))];
        return new FeatureNetwork([.. layers], [.. layers.Select(layer => layer.Block)]);
    }

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

        public override Tensor forward(Tensor input) => _h.forward(input) * _g.forward(input).sigmoid();
    }
}
