using Vae.Core.Configuration;
using Vae.Core.Networks;

namespace Vae.Core.Composition;

/// <summary>Turns networks' configurations into networks.</summary>
internal static class NetworkFactory
{
    /// <summary>The body of an encoder or decoder over rows of so many numbers.</summary>
    public static FeatureNetwork Build(NetworkConfiguration configuration, int inputFeatures) => configuration switch
    {
        MlpConfiguration mlp => new MlpNetwork(inputFeatures, mlp.Hidden, Activation(mlp.Activation)),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };

    private static Activation Activation(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => Networks.Activation.Relu,
        ActivationKind.Tanh => Networks.Activation.Tanh,
        ActivationKind.Elu => Networks.Activation.Elu,
        ActivationKind.Silu => Networks.Activation.Silu,
        ActivationKind.Gelu => Networks.Activation.Gelu,
        ActivationKind.LeakyRelu => Networks.Activation.LeakyRelu,
        ActivationKind.Softplus => Networks.Activation.Softplus,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };
}
