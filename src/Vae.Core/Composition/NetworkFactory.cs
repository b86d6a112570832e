using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Networks;

namespace Vae.Core.Composition;

/// <summary>Turns networks' configurations into networks.</summary>
internal static class NetworkFactory
{
    /// <summary>The encoder of images of the shape, its log-variance within the bound.</summary>
    public static GaussianEncoder BuildEncoder(NetworkConfiguration configuration, ImageShape image, int latent, LogVarianceBound bound) => new(
        configuration switch
        {
            ConvConfiguration conv => new ConvolutionalEncoder(Map(image), Options(conv)),
            ResNetConfiguration resNet => new ResidualEncoder(Map(image), Options(resNet)),
            _ => BuildRows(configuration, image.PixelCount),
        },
        latent,
        bound);

    /// <summary>The decoder to images of the shape.</summary>
    public static LikelihoodDecoder BuildDecoder(NetworkConfiguration configuration, int latent, ImageShape image, int outputsPerPixel) =>
        configuration switch
        {
            ConvConfiguration conv => new(new ConvolutionalDecoder(latent, Map(image), Options(conv)), outputsPerPixel),
            ResNetConfiguration resNet => new(new ResidualDecoder(latent, Map(image), Options(resNet)), outputsPerPixel),
            _ => new(BuildRows(configuration, latent), outputsPerPixel * image.PixelCount),
        };

    /// <summary>How first weights are drawn.</summary>
    public static Initializer Initializer(InitializerKind kind) => kind switch
    {
        InitializerKind.Pytorch => Networks.Initializer.Pytorch,
        InitializerKind.He => Networks.Initializer.He,
        InitializerKind.Xavier => Networks.Initializer.Xavier,
        InitializerKind.Orthogonal => Networks.Initializer.Orthogonal,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };

    private static FeatureNetwork BuildRows(NetworkConfiguration configuration, int inputFeatures) => configuration switch
    {
        MlpConfiguration mlp => new MlpNetwork(inputFeatures, mlp.Hidden, Activation(mlp.Activation), Normalization(mlp.Normalization)),
        GatedMlpConfiguration gated => new GatedMlpNetwork(inputFeatures, gated.Hidden),
        LinearConfiguration => new MlpNetwork(inputFeatures, [], Networks.Activation.Relu),
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
