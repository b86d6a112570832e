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
            foreach (string kind in new[] { "mlp", "mlp layer", "gated_mlp", "linear", "conv", "conv group", "conv odd", "conv stride 3", "conv deep", "resnet", "resnet plain" })
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
        FeatureMap image = new(channels, height, width);
        using GaussianEncoder encoder = Encoder(kind, image);
        using LikelihoodDecoder decoder = Decoder(kind, image, outputsPerPixel);

        DiagonalGaussian posterior = encoder.forward(rand(5, image.Count));
        Tensor output = decoder.forward(posterior.Mean);

        Assert.Equal([5, Latent], posterior.Mean.shape);
        Assert.Equal([5, Latent], posterior.LogVariance.shape);
        Assert.Equal([5, outputsPerPixel * image.Count], output.shape);
        Assert.True(output.isfinite().all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_parameter_has_a_gradient(string kind, int channels, int height, int width, int outputsPerPixel)
    {
        FeatureMap image = new(channels, height, width);
        using GaussianEncoder encoder = Encoder(kind, image);
        using LikelihoodDecoder decoder = Decoder(kind, image, outputsPerPixel);
        ParameterInitializer.Initialize(encoder, new RandomStream(1, RandomPurpose.ParameterInitialization));
        ParameterInitializer.Initialize(decoder, new RandomStream(2, RandomPurpose.ParameterInitialization));
        Tensor input = Noise.Normal(new RandomStream(3, RandomPurpose.Digits), 0, 0, CPU, 6, image.Count);

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
        FeatureMap image = new(2, 6, 5);
        using ConvolutionalDecoder body = new(Latent, image, new ConvolutionOptions { Channels = [4] });
        using nn.Module<Tensor, Tensor> output = body.NewOutputLayer(3);
        using LikelihoodDecoder decoder = Decoder("conv", image, 3);
        Assert.Equal([2, 3 * 2, 6, 5], output.forward(body.forward(zeros(2, Latent))).shape);

        decoder.SetOutputBias([.. Enumerable.Range(0, 3 * image.Count).Select(i => (float)(i / 30))]);
        foreach (Parameter parameter in decoder.parameters().Where(parameter => parameter.dim() > 1))
        {
            using IDisposable noGradient = no_grad();
            parameter.zero_(); // so that the output is the bias
        }

        float[] values = decoder.forward(ones(1, Latent)).data<float>().ToArray();
        Assert.Equal([.. Enumerable.Range(0, 3 * image.Count).Select(i => (float)(i / 30))], values); // o·C + c changes every 6·5 pixels
    }

    [Fact]
    public void Transposed_convolutions_undo_strided_ones_for_every_size()
    {
        foreach ((int kernel, int stride) in new[] { (1, 1), (3, 1), (2, 2), (3, 2), (4, 2), (5, 2), (3, 3), (4, 3), (7, 4) })
        {
            for (int side = 1; side <= 13; side++)
            {
                FeatureMap larger = new(1, side, 2 * side);
                using Conv2d down = StridedConvolution.Down(larger, 2, kernel, stride);
                using ConvolutionTranspose up = StridedConvolution.Up(2, larger, kernel, stride);
                Tensor smaller = down.forward(rand(1, 1, side, 2 * side));

                Assert.Equal([1, 2, (side + stride - 1) / stride, ((2 * side) + stride - 1) / stride], smaller.shape);
                Assert.Equal([1, 1, side, 2 * side], up.forward(smaller).shape);
            }
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 1)]
    [InlineData(3, 0)]
    public void Kernels_that_skip_pixels_or_have_no_middle_are_refused(int kernel, int stride) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new ConvolutionalEncoder(new FeatureMap(1, 8, 8), new ConvolutionOptions { Channels = [4], Kernel = kernel, Stride = stride }));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 1)]
    [InlineData(12, 3)]
    [InlineData(32, 8)]
    [InlineData(64, 16)]
    [InlineData(96, 24)]
    [InlineData(256, 32)]
    public void Groups_divide_the_channels_and_have_at_least_four(int channels, int expected) =>
        Assert.Equal(expected, NormalizationModules.Groups(channels));

    internal static GaussianEncoder Encoder(string kind, FeatureMap image) => new(
        kind switch
        {
            "mlp" => new MlpNetwork(image.Count, [7, 6], Activation.Relu),
            "mlp layer" => new MlpNetwork(image.Count, [7, 6], Activation.Tanh, Normalization.Layer),
            "gated_mlp" => new GatedMlpNetwork(image.Count, [7, 6]),
            "linear" => new MlpNetwork(image.Count, [], Activation.Relu),
            _ when Convolution(kind) is { } options => new ConvolutionalEncoder(image, options),
            _ => new ResidualEncoder(image, Residual(kind)),
        },
        Latent);

    internal static LikelihoodDecoder Decoder(string kind, FeatureMap image, int outputsPerPixel) => kind switch
    {
        "mlp" => new(new MlpNetwork(Latent, [6, 7], Activation.Relu), outputsPerPixel * image.Count),
        "mlp layer" => new(new MlpNetwork(Latent, [6, 7], Activation.Tanh, Normalization.Layer), outputsPerPixel * image.Count),
        "gated_mlp" => new(new GatedMlpNetwork(Latent, [6, 7]), outputsPerPixel * image.Count),
        "linear" => new(new MlpNetwork(Latent, [], Activation.Relu), outputsPerPixel * image.Count),
        _ when Convolution(kind) is { } options => new(new ConvolutionalDecoder(Latent, image, options), outputsPerPixel),
        _ => new(new ResidualDecoder(Latent, image, Residual(kind)), outputsPerPixel),
    };

    // Smooth activations: with ReLU a small network may have units that are off for every image of the test.
    private static ConvolutionOptions? Convolution(string kind) => kind switch
    {
        "conv" => new() { Channels = [8, 8], Activation = Activation.Elu },
        "conv group" => new() { Channels = [8, 8], Activation = Activation.Silu, Normalization = Normalization.Group, Hidden = [9] },
        "conv odd" => new() { Channels = [8, 5], Kernel = 3, Activation = Activation.Softplus, Normalization = Normalization.Layer },
        "conv stride 3" => new() { Channels = [4, 5], Kernel = 5, Stride = 3, Activation = Activation.Tanh },
        "conv deep" => new() { Channels = [4, 4, 4, 4, 4, 4], Activation = Activation.Gelu, Hidden = [9, 8] },
        _ => null,
    };

    private static ResidualOptions Residual(string kind) => kind == "resnet plain"
        ? new() { Channels = [5, 6, 7], Normalization = Normalization.None, Activation = Activation.Elu }
        : new() { Channels = [8, 8], BlocksPerStage = 2 };
}
