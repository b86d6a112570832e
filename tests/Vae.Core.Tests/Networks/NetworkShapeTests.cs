namespace Vae.Core.Tests.Networks;

public sealed class NetworkShapeTests : IDisposable
{
    private const int Latent = 3;
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, int, int, int, int> Cases
    {
        get
        {
            TheoryData<string, int, int, int, int> cases = [];
            string[] dense = ["mlp", "mlp layer", "gated_mlp", "linear"];
            string[] maps = ["conv", "conv group", "conv odd", "conv stride 3", "conv deep", "resnet", "resnet plain"];
            foreach (string kind in dense.Concat(maps))
            {
                cases.Add(kind, 1, 28, 28, 1);
                cases.Add(kind, 3, 32, 32, 2);
                cases.Add(kind, 1, 17, 23, 1);
                cases.Add(kind, 2, 1, 5, 3);
            }

            return cases;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Images_go_to_posteriors_and_latents_to_whole_images(string kind, int channels, int height, int width, int outputsPerPixel)
    {
        ImageShape image = new(channels, height, width);
        using GaussianEncoder encoder = Encoder(kind, image);
        using LikelihoodDecoder decoder = Decoder(kind, image, outputsPerPixel);

        DiagonalGaussian posterior = encoder.forward(rand(5, image.PixelCount));
        Tensor output = decoder.forward(posterior.Mean);

        Assert.Equal([5, Latent], posterior.Mean.shape);
        Assert.Equal([5, Latent], posterior.LogVariance.shape);
        Assert.Equal([5, outputsPerPixel * image.PixelCount], output.shape);
        Assert.True(output.isfinite().all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_parameter_has_a_gradient(string kind, int channels, int height, int width, int outputsPerPixel)
    {
        ImageShape image = new(channels, height, width);
        using GaussianEncoder encoder = Encoder(kind, image);
        using LikelihoodDecoder decoder = Decoder(kind, image, outputsPerPixel);
        ParameterInitializer.Initialize(encoder, new RandomStream(1, RandomPurpose.ParameterInitialization));
        ParameterInitializer.Initialize(decoder, new RandomStream(2, RandomPurpose.ParameterInitialization));
        Tensor input = Noise.Normal(new RandomStream(3, RandomPurpose.Digits), 0, 0, CPU, 6, image.PixelCount);

        DiagonalGaussian posterior = encoder.forward(input);
        (decoder.forward(posterior.Mean).square().sum() + posterior.LogVariance.square().sum()).backward();

        foreach ((string name, Parameter parameter) in encoder.named_parameters().Concat(decoder.named_parameters()))
        {
            Assert.True(parameter.grad is { } gradient && gradient.abs().sum().ToDouble() > 0, $"{kind} {image}: {name} has no gradient");
        }
    }

    [Fact]
    public void An_output_of_several_numbers_a_pixel_is_planes_of_whole_images()
    {
        ImageShape image = new(2, 6, 5);
        using LikelihoodDecoder decoder = Decoder("conv", image, 3);
        Assert.Equal([2, 3 * 2 * 6 * 5], decoder.forward(zeros(2, Latent)).shape);

        decoder.SetOutputBias([.. Enumerable.Range(0, 3 * image.PixelCount).Select(i => (float)(i / 30))]);
        foreach (Parameter parameter in decoder.parameters().Where(parameter => parameter.dim() > 1))
        {
            using IDisposable noGradient = no_grad();
            parameter.zero_(); // so that the output is the bias
        }

        // o·C + c changes every 6·5 pixels
        float[] values = decoder.forward(ones(1, Latent)).data<float>().ToArray();
        Assert.Equal([.. Enumerable.Range(0, 3 * image.PixelCount).Select(i => (float)(i / 30))], values);
    }

    [Fact]
    public void Transposed_convolutions_undo_strided_ones_for_every_size()
    {
        foreach ((int kernel, int stride) in new[] { (1, 1), (3, 1), (2, 2), (3, 2), (4, 2), (5, 2), (3, 3), (4, 3), (7, 4) })
        {
            for (int side = 1; side <= 13; side++)
            {
                ImageShape larger = new(1, side, 2 * side);
                using Conv2d down = StridedConvolution.Down(larger, 2, kernel, stride);
                using ConvolutionTranspose up = StridedConvolution.Up(2, larger, kernel, stride);
                Tensor smaller = down.forward(rand(1, 1, side, 2 * side));

                Assert.Equal([1, 2, (side + stride - 1) / stride, ((2 * side) + stride - 1) / stride], smaller.shape);
                Assert.Equal([1, 1, side, 2 * side], up.forward(smaller).shape);
            }
        }
    }

    [Theory]
    [InlineData("conv", 28, 28, 8, 7, 7)]
    [InlineData("conv odd", 17, 23, 5, 5, 6)]
    [InlineData("conv stride 3", 28, 28, 5, 4, 4)]
    [InlineData("resnet", 28, 28, 8, 7, 7)]
    [InlineData("resnet plain", 17, 23, 7, 3, 3)]
    public void Images_go_to_their_smallest_map_and_maps_to_whole_images(
        string kind, int height, int width, int channels, int mapHeight, int mapWidth)
    {
        ImageShape image = new(1, height, width);
        using FeatureNetwork encoder = Network(kind, isDecoder: false).BuildMapEncoder(image)!;
        using LikelihoodDecoder decoder = Network(kind, isDecoder: true).BuildMapDecoder(channels, image, 2)!;
        ParameterInitializer.Initialize(encoder, new RandomStream(1, RandomPurpose.ParameterInitialization));
        ParameterInitializer.Initialize(decoder, new RandomStream(2, RandomPurpose.ParameterInitialization));

        Tensor maps = encoder.forward(Noise.Normal(new RandomStream(3, RandomPurpose.Digits), 0, 0, CPU, 6, image.PixelCount));
        Tensor output = decoder.forward(maps);
        output.square().sum().backward();

        Assert.Equal([6, channels, mapHeight, mapWidth], maps.shape);
        Assert.Equal(new ImageShape(channels, mapHeight, mapWidth), Network(kind, isDecoder: false).SmallestMap(image));
        Assert.Equal([6, 2 * image.PixelCount], output.shape);
        foreach ((string name, Parameter parameter) in encoder.named_parameters().Concat(decoder.named_parameters()))
        {
            Assert.True(parameter.grad is { } gradient && gradient.abs().sum().ToDouble() > 0, $"{kind}: {name} has no gradient");
        }
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("gated_mlp")]
    [InlineData("linear")]
    [InlineData("conv group")]
    public void Networks_with_dense_layers_have_no_smallest_map(string kind)
    {
        NetworkConfiguration network = Network(kind, isDecoder: false);

        Assert.Null(network.SmallestMap(new ImageShape(1, 28, 28)));
        Assert.Null(network.BuildMapEncoder(new ImageShape(1, 28, 28)));
        Assert.Null(network.BuildMapDecoder(8, new ImageShape(1, 28, 28), 1));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 1)]
    [InlineData(12, 3)]
    [InlineData(32, 8)]
    [InlineData(64, 16)]
    [InlineData(96, 24)]
    [InlineData(256, 32)]
    public void Groups_divide_the_channels_and_have_at_least_four(int channels, int expected) =>
        Assert.Equal(expected, Layers.Groups(channels));

    internal static GaussianEncoder Encoder(string kind, ImageShape image) => Network(kind, isDecoder: false).BuildEncoder(image, Latent);

    internal static LikelihoodDecoder Decoder(string kind, ImageShape image, int outputsPerPixel) =>
        Network(kind, isDecoder: true).BuildDecoder(Latent, image, outputsPerPixel);

    // Smooth activations: with ReLU a small network may have units that are off for every image of the test.
    private static NetworkConfiguration Network(string kind, bool isDecoder) => kind switch
    {
        "mlp" => new MlpConfiguration { Hidden = isDecoder ? [6, 7] : [7, 6] },
        "mlp layer" => new MlpConfiguration
        {
            Hidden = isDecoder ? [6, 7] : [7, 6],
            Activation = Activation.Tanh,
            Normalization = Normalization.Layer,
        },
        "gated_mlp" => new GatedMlpConfiguration { Hidden = isDecoder ? [6, 7] : [7, 6] },
        "linear" => new LinearConfiguration(),
        "conv" => new ConvConfiguration { Channels = [8, 8], Activation = Activation.Elu },
        "conv group" => new ConvConfiguration
        {
            Channels = [8, 8],
            Activation = Activation.Silu,
            Normalization = Normalization.Group,
            Hidden = [9],
        },
        "conv odd" => new ConvConfiguration
        {
            Channels = [8, 5],
            Kernel = 3,
            Activation = Activation.Softplus,
            Normalization = Normalization.Layer,
        },
        "conv stride 3" => new ConvConfiguration { Channels = [4, 5], Kernel = 5, Stride = 3, Activation = Activation.Tanh },
        "conv deep" => new ConvConfiguration { Channels = [4, 4, 4, 4, 4, 4], Activation = Activation.Gelu, Hidden = [9, 8] },
        "resnet" => new ResNetConfiguration { Channels = [8, 8], Blocks = 2 },
        "resnet plain" => new ResNetConfiguration { Channels = [5, 6, 7], Normalization = Normalization.None, Activation = Activation.Elu },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
