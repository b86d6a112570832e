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

/// <summary>The body of an encoder or a decoder; the layers that it ends in follow from the posterior and the likelihood.</summary>
public abstract record NetworkConfiguration
{
    internal static readonly Kind<NetworkConfiguration>[] Kinds =
        [Kind.Of<NetworkConfiguration, MlpConfiguration>("mlp", MlpConfiguration.Map)];
}

/// <summary>Dense layers.</summary>
public sealed record MlpConfiguration : NetworkConfiguration
{
    /// <summary>Units of each hidden layer, from input to output; empty for a linear map.</summary>
    public ValueList<int> Hidden { get; init; } = [400];

    /// <summary>The nonlinearity after each hidden layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;

    internal static MlpConfiguration Map(ConfigurationVisitor visitor, MlpConfiguration value) => value with
    {
        Hidden = visitor.Integers("hidden", value.Hidden, 1, 100_000, 64, "units of each hidden layer; [] for a linear map"),
        Activation = visitor.Choice("activation", value.Activation, "the nonlinearity after each hidden layer"),
    };
}
