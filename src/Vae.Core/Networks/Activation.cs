namespace Vae.Core.Networks;

/// <summary>The nonlinearity between layers.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x for x > 0, else eˣ − 1.</summary>
    Elu,

    /// <summary>x · σ(x), also called swish.</summary>
    Silu,

    /// <summary>x · Φ(x).</summary>
    Gelu,

    /// <summary>max(0.01 x, x).</summary>
    LeakyRelu,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,
}

internal static class ActivationModules
{
    /// <summary>A new module that computes the activation.</summary>
    public static nn.Module<Tensor, Tensor> ToModule(this Activation activation) => activation switch
    {
        Activation.Relu => nn.ReLU(),
        Activation.Tanh => nn.Tanh(),
        Activation.Elu => nn.ELU(),
        Activation.Silu => nn.SiLU(),
        Activation.Gelu => nn.GELU(),
        Activation.LeakyRelu => nn.LeakyReLU(),
        Activation.Softplus => nn.Softplus(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };
}
