using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Networks;

namespace Vae.Core.Composition;

/// <summary>Turns networks' configurations into networks.</summary>
/// <remarks>
/// They are made within a dispose scope: TorchSharp's layers take their parameters out of it, and leave views behind of those of convolutions.
/// </remarks>
internal static class NetworkFactory
{
    /// <summary>The encoder of images of the shape, its log-variance within the bound.</summary>
    public static GaussianEncoder BuildEncoder(
        NetworkConfiguration configuration, ImageShape image, int latent, LogVarianceBound bound, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        FeatureNetwork body = configuration switch
        {
            ConvConfiguration conv => new ConvolutionalEncoder(Map(image), Options(conv), device),
            ResNetConfiguration resNet => new ResidualEncoder(Map(image), Options(resNet), device),
            _ => BuildRows(configuration, image.PixelCount, device),
        };
        return new GaussianEncoder(body, latent, bound, device);
    }

    /// <summary>The decoder to images of the shape.</summary>
    public static LikelihoodDecoder BuildDecoder(
        NetworkConfiguration configuration, int latent, ImageShape image, int outputsPerPixel, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        return configuration switch
        {
            ConvConfiguration conv => new(new ConvolutionalDecoder(latent, Map(image), Options(conv), device), outputsPerPixel),
            ResNetConfiguration resNet => new(new ResidualDecoder(latent, Map(image), Options(resNet), device), outputsPerPixel),
            _ => new(BuildRows(configuration, latent, device), outputsPerPixel * image.PixelCount, device),
        };
    }

    /// <summary>How first weights are drawn.</summary>
    public static Initializer Initializer(InitializerKind kind) => kind switch
    {
        InitializerKind.Pytorch => Networks.Initializer.Pytorch,
        InitializerKind.He => Networks.Initializer.He,
        InitializerKind.Xavier => Networks.Initializer.Xavier,
        InitializerKind.Orthogonal => Networks.Initializer.Orthogonal,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };

    private static FeatureNetwork BuildRows(NetworkConfiguration configuration, int inputFeatures, Device device) => configuration switch
    {
        MlpConfiguration mlp => new MlpNetwork(inputFeatures, mlp.Hidden, Activation(mlp.Activation), Normalization(mlp.Normalization), device),
        GatedMlpConfiguration gated => new GatedMlpNetwork(inputFeatures, gated.Hidden, device),
        LinearConfiguration => new MlpNetwork(inputFeatures, [], Networks.Activation.Relu, device: device),
        _ => throw new NotSupportedException($"{configuration} has no implementation."),
    };

    private static FeatureMap Map(ImageShape image) => new(image.Channels, image.Height, image.Width);

    private static ConvolutionOptions Options(ConvConfiguration conv) => new()
    {
        Channels = conv.Channels,
        Kernel = conv.Kernel,
        Stride = conv.Stride,
        Hidden = conv.Hidden,
        Activation = Activation(conv.Activation),
        Normalization = Normalization(conv.Normalization),
    };

    private static ResidualOptions Options(ResNetConfiguration resNet) => new()
    {
        Channels = resNet.Channels,
        BlocksPerStage = resNet.Blocks,
        Activation = Activation(resNet.Activation),
        Normalization = Normalization(resNet.Normalization),
    };

    private static Normalization Normalization(RowNormalizationKind kind) => kind switch
    {
        RowNormalizationKind.None => Networks.Normalization.None,
        RowNormalizationKind.Layer => Networks.Normalization.Layer,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };

    private static Normalization Normalization(MapNormalizationKind kind) => kind switch
    {
        MapNormalizationKind.None => Networks.Normalization.None,
        MapNormalizationKind.Layer => Networks.Normalization.Layer,
        MapNormalizationKind.Group => Networks.Normalization.Group,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
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
