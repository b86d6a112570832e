namespace Vae.Core.Priors;

/// <summary>A flow of affine coupling layers from N(0, I), learned with the model (Dinh, Sohl-Dickstein and Bengio 2017).</summary>
internal sealed record RealNvpPriorConfiguration : PriorConfiguration
{
    public int Couplings { get; init; } = 6;

    public ValueList<int> Hidden { get; init; } = [128, 128];

    public static RealNvpPriorConfiguration Map(ConfigurationVisitor visitor, RealNvpPriorConfiguration value) => value with
    {
        Couplings = visitor.Integer(
            "couplings", value.Couplings, 1, 100, "coupling layers, which change the odd and the even dimensions in turn"),
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 10_000, 16, "units of each hidden layer of a coupling's network"),
    };

    public override Prior Build(PriorContext context) => new RealNvpPrior(context.Latent, Couplings, Hidden, context.Device);
}

/// <summary>
/// p(z) by a change of variables, exact: z = f(u) with u ~ N(0, I), log p(z) = log N(f⁻¹(z); 0, I) + log |det ∂f⁻¹/∂z| (Dinh,
/// Sohl-Dickstein and Bengio 2017, equations 1 to 9). It begins as N(0, I). Parameters: couplings.n.network.m.{weight, bias},
/// couplings.n.gain.
/// </summary>
internal sealed class RealNvpPrior : Prior
{
    [ComponentName(Name = "couplings")]
    private readonly ModuleList<AffineCoupling> _couplings;

    public RealNvpPrior(int dimension, int couplings, IReadOnlyList<int> hidden, Device device)
        : base(dimension)
    {
        _couplings = new([.. Enumerable.Range(0, couplings).Select(i => new AffineCoupling(dimension, parity: i % 2, hidden, device))]);
        RegisterComponents();
    }

    public override LatentDensity At(Condition? condition) => new RealNvpDensity([.. _couplings]);
}

/// <summary>
/// One coupling layer u = m ⊙ z + (1 − m) ⊙ (z − t) ⊙ exp(−s), where the network sees m ⊙ z alone and gives s and t. The mask m keeps every
/// second dimension. |s| stays below the gain of its dimension, which begins at 0, where the layer is the identity.
/// </summary>
internal sealed class AffineCoupling : nn.Module
{
    private readonly int _dimension;
    private readonly int _parity;

    [ComponentName(Name = "network")]
    private readonly Sequential _network;

    [ComponentName(Name = "gain")]
    private readonly Parameter _gain; // of s and t, [2, D]

    public AffineCoupling(int dimension, int parity, IReadOnlyList<int> hidden, Device device)
        : base("coupling")
    {
        _dimension = dimension;
        _parity = parity;
        int[] widths = [dimension, .. hidden];
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int i = 0; i < hidden.Count; i++)
        {
            layers.Add(nn.Linear(widths[i], widths[i + 1], device: device));
            layers.Add(nn.ReLU());
        }

        layers.Add(nn.Linear(widths[^1], 2 * dimension, device: device));
        _network = nn.Sequential(layers);
        _gain = nn.Parameter(zeros([2, dimension], device: device));
        RegisterComponents();
    }

    /// <summary>z to u, [N, D], with the logarithm of the Jacobian's determinant, [N].</summary>
    public (Tensor U, Tensor LogDeterminant) ToNormal(Tensor z)
    {
        (Tensor kept, Tensor scale, Tensor shift, Tensor changes) = Parts(z);
        return (kept + (changes * ((z - shift) * (-scale).exp())), -scale.sum(-1));
    }

    /// <summary>u to z, [N, D].</summary>
    public Tensor FromNormal(Tensor u)
    {
        (Tensor kept, Tensor scale, Tensor shift, Tensor changes) = Parts(u);
        return kept + (changes * ((u * scale.exp()) + shift));
    }

    // Both directions keep the same dimensions, and so see the same scale and shift, which are 0 where a dimension is kept.
    private (Tensor Kept, Tensor Scale, Tensor Shift, Tensor Changes) Parts(Tensor values)
    {
        Tensor mask = arange(_dimension, device: values.device).remainder(2).eq(_parity).to_type(values.dtype); // [D], 1: kept
        Tensor changes = 1 - mask;
        Tensor kept = values * mask;
        Tensor outputs = _network.forward(kept.to_type(_gain.dtype)).view(-1, 2, _dimension);                    // [N, 2, D]
        Tensor scale = (outputs.select(1, 0).tanh() * _gain[0]).to_type(values.dtype) * changes;
        Tensor shift = (outputs.select(1, 1) * _gain[1]).to_type(values.dtype) * changes;
        return (kept, scale, shift, changes);
    }
}

/// <summary>The density of a flow as its parameters stand.</summary>
/// <param name="Couplings">From z to u.</param>
internal sealed record RealNvpDensity(IReadOnlyList<AffineCoupling> Couplings) : LatentDensity
{
    public override Tensor LogProbability(Tensor z)
    {
        Tensor u = z.reshape(-1, z.shape[^1]); // [N, D]
        Tensor logDeterminant = zeros([u.shape[0]], u.dtype, u.device);
        foreach (AffineCoupling coupling in Couplings)
        {
            (u, Tensor own) = coupling.ToNormal(u);
            logDeterminant += own;
        }

        return (new StandardNormalDensity().LogProbability(u) + logDeterminant).reshape(z.shape[..^1]);
    }

    public override Tensor Sample(Tensor noise, Tensor uniform, double temperature) =>
        Couplings.Reverse().Aggregate(noise * temperature, (values, coupling) => coupling.FromNormal(values)); // [N, D]
}
