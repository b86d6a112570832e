namespace Vae.Core.Configuration;

/// <summary>The nonlinearity after each hidden layer.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x for x &gt; 0, else exp(x) − 1.</summary>
    Elu,

    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>x · Φ(x), with the normal distribution function itself and no approximation of it.</summary>
    Gelu,

    /// <summary>x for x &gt; 0, else 0.01 x.</summary>
    LeakyRelu,

    /// <summary>log(1 + exp x).</summary>
    Softplus,
}

/// <summary>What stands between a dense layer and its activation.</summary>
public enum RowNormalizationKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Over all features of an example.</summary>
    Layer,
}

/// <summary>What stands between a convolution and its activation.</summary>
public enum MapNormalizationKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Over all features of an example.</summary>
    Layer,

    /// <summary>Over groups of channels of an example.</summary>
    Group,
}

/// <summary>
/// An encoder or a decoder; the layers that it ends in follow from the posterior and the likelihood. Lists go from input to output, so those
/// of a decoder are those of its encoder turned round.
/// </summary>
public abstract record NetworkConfiguration
{
    internal static readonly Kind<NetworkConfiguration>[] EncoderKinds = Kinds(new ConvConfiguration(), new ResNetConfiguration());

    internal static readonly Kind<NetworkConfiguration>[] DecoderKinds = Kinds(
        new ConvConfiguration { Channels = [64, 32] }, new ResNetConfiguration { Channels = [64, 32] });

    private static Kind<NetworkConfiguration>[] Kinds(ConvConfiguration conv, ResNetConfiguration resNet) =>
    [
        Kind.Of<NetworkConfiguration, MlpConfiguration>("mlp", MlpConfiguration.Map),
        Kind.Of<NetworkConfiguration, GatedMlpConfiguration>("gated_mlp", GatedMlpConfiguration.Map),
        Kind.Of<NetworkConfiguration, ConvConfiguration>("conv", ConvConfiguration.Map) with { Default = () => conv },
        Kind.Of<NetworkConfiguration, ResNetConfiguration>("resnet", ResNetConfiguration.Map) with { Default = () => resNet },
        Kind.Of<NetworkConfiguration, LinearConfiguration>("linear"),
    ];
}

/// <summary>Dense layers.</summary>
public sealed record MlpConfiguration : NetworkConfiguration
{
    /// <summary>Units of each hidden layer, from input to output; empty for a linear map.</summary>
    public ValueList<int> Hidden { get; init; } = [400];

    /// <summary>The nonlinearity after each hidden layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;

    /// <summary>What stands before the nonlinearity.</summary>
    public RowNormalizationKind Normalization { get; init; } = RowNormalizationKind.None;

    internal static MlpConfiguration Map(ConfigurationVisitor visitor, MlpConfiguration value) => value with
    {
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of each hidden layer; [] for a linear map"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity after each hidden layer"),
        Normalization = visitor.Choice("normalization", value.Normalization, "what stands before the nonlinearity"),
    };
}

/// <summary>Dense layers h ⊙ σ(g) (Tomczak and Welling 2018).</summary>
public sealed record GatedMlpConfiguration : NetworkConfiguration
{
    /// <summary>Units of each hidden layer, from input to output.</summary>
    public ValueList<int> Hidden { get; init; } = [300, 300];

    internal static GatedMlpConfiguration Map(ConfigurationVisitor visitor, GatedMlpConfiguration value) => value with
    {
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of each gated layer; [] for a linear map"),
    };
}

/// <summary>Strided convolutions in an encoder, transposed ones in a decoder.</summary>
public sealed record ConvConfiguration : NetworkConfiguration
{
    /// <summary>Channels of each layer, from input to output.</summary>
    public ValueList<int> Channels { get; init; } = [32, 64];

    /// <summary>Side of the kernels.</summary>
    public int Kernel { get; init; } = 4;

    /// <summary>What each layer divides the image's sides by, in a decoder multiplies.</summary>
    public int Stride { get; init; } = 2;

    /// <summary>Units of dense layers between the smallest map and the code.</summary>
    public ValueList<int> Hidden { get; init; } = [];

    /// <summary>The nonlinearity after each layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;

    /// <summary>What stands before the nonlinearity of a convolution.</summary>
    public MapNormalizationKind Normalization { get; init; } = MapNormalizationKind.None;

    internal static ConvConfiguration Map(ConfigurationVisitor visitor, ConvConfiguration value) => value with
    {
        Channels = visitor.Integers("channels", value.Channels, 1, 10_000, 16, "channels of each layer, from input to output"),
        Kernel = visitor.Integer("kernel", value.Kernel, 1, 31, "side of the kernels; at least the stride, and odd with stride 1"),
        Stride = visitor.Integer("stride", value.Stride, 1, 8, "what each layer divides the image's sides by, in a decoder multiplies"),
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of dense layers between the smallest map and the code"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity after each layer"),
        Normalization = visitor.Choice("normalization", value.Normalization, "what stands before the nonlinearity of a convolution"),
    };
}

/// <summary>Residual blocks that halve the image's sides from stage to stage, in a decoder double them.</summary>
public sealed record ResNetConfiguration : NetworkConfiguration
{
    /// <summary>Channels of each stage, from input to output.</summary>
    public ValueList<int> Channels { get; init; } = [32, 64];

    /// <summary>Residual blocks in each stage.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>The nonlinearity before each convolution of a block.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Silu;

    /// <summary>What stands before that nonlinearity.</summary>
    public MapNormalizationKind Normalization { get; init; } = MapNormalizationKind.Group;

    internal static ResNetConfiguration Map(ConfigurationVisitor visitor, ResNetConfiguration value) => value with
    {
        Channels = visitor.Integers("channels", value.Channels, 1, 10_000, 16, "channels of each stage, from input to output"),
        Blocks = visitor.Integer("blocks", value.Blocks, 1, 64, "residual blocks in each stage"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity before each convolution"),
        Normalization = visitor.Choice("normalization", value.Normalization, "what stands before the nonlinearity"),
    };
}

/// <summary>No hidden layer: with a Gaussian likelihood the model is probabilistic PCA.</summary>
public sealed record LinearConfiguration : NetworkConfiguration;
