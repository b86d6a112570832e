namespace Vae.Core.Tests.Networks;

/// <summary>The names are part of the checkpoint's format: PyTorch code that builds the same layers reads them.</summary>
public class NetworkNameTests
{
    private static readonly ImageShape Image = new(3, 9, 8);

    [Theory]
    [InlineData(
        "mlp layer",
        "body.layers.0.weight [7, 216]", "body.layers.0.bias [7]", "body.layers.1.weight [7]", "body.layers.1.bias [7]",
        "body.layers.3.weight [6, 7]", "body.layers.3.bias [6]", "body.layers.4.weight [6]", "body.layers.4.bias [6]",
        "mean.weight [3, 6]", "mean.bias [3]", "log_variance.weight [3, 6]", "log_variance.bias [3]")]
    [InlineData(
        "gated_mlp",
        "body.layers.0.h.weight [7, 216]", "body.layers.0.h.bias [7]", "body.layers.0.g.weight [7, 216]", "body.layers.0.g.bias [7]",
        "body.layers.1.h.weight [6, 7]", "body.layers.1.h.bias [6]", "body.layers.1.g.weight [6, 7]", "body.layers.1.g.bias [6]",
        "mean.weight [3, 6]", "mean.bias [3]", "log_variance.weight [3, 6]", "log_variance.bias [3]")]
    [InlineData("linear", "mean.weight [3, 216]", "mean.bias [3]", "log_variance.weight [3, 216]", "log_variance.bias [3]")]
    [InlineData(
        "conv group",
        "body.layers.1.weight [8, 3, 4, 4]", "body.layers.1.bias [8]", "body.layers.2.weight [8]", "body.layers.2.bias [8]",
        "body.layers.4.weight [8, 8, 4, 4]", "body.layers.4.bias [8]", "body.layers.5.weight [8]", "body.layers.5.bias [8]",
        "body.layers.8.weight [9, 48]", "body.layers.8.bias [9]",
        "mean.weight [3, 9]", "mean.bias [3]", "log_variance.weight [3, 9]", "log_variance.bias [3]")]
    [InlineData(
        "resnet plain",
        "body.layers.1.weight [5, 3, 3, 3]", "body.layers.1.bias [5]",
        "body.layers.2.conv1.weight [5, 5, 3, 3]", "body.layers.2.conv1.bias [5]", "body.layers.2.conv2.weight [5, 5, 3, 3]",
        "body.layers.2.conv2.bias [5]", "body.layers.2.skip.weight [5, 5, 1, 1]", "body.layers.2.skip.bias [5]",
        "body.layers.3.conv1.weight [6, 5, 3, 3]", "body.layers.3.conv1.bias [6]", "body.layers.3.conv2.weight [6, 6, 3, 3]",
        "body.layers.3.conv2.bias [6]", "body.layers.3.skip.weight [6, 5, 1, 1]", "body.layers.3.skip.bias [6]",
        "body.layers.4.conv1.weight [7, 6, 3, 3]", "body.layers.4.conv1.bias [7]", "body.layers.4.conv2.weight [7, 7, 3, 3]",
        "body.layers.4.conv2.bias [7]", "body.layers.4.skip.weight [7, 6, 1, 1]", "body.layers.4.skip.bias [7]",
        "mean.weight [3, 14]", "mean.bias [3]", "log_variance.weight [3, 14]", "log_variance.bias [3]")]
    public void Encoders_are_named_as_in_PyTorch(string kind, params string[] expected)
    {
        using GaussianEncoder encoder = NetworkShapeTests.Encoder(kind, Image);

        Assert.Equal(expected.Order(StringComparer.Ordinal), Names(encoder));
    }

    [Theory]
    [InlineData("linear", "output.weight [432, 3]", "output.bias [432]")]
    [InlineData(
        "conv group",
        "body.layers.0.weight [9, 3]", "body.layers.0.bias [9]", "body.layers.2.weight [48, 9]", "body.layers.2.bias [48]",
        "body.layers.4.weight [8]", "body.layers.4.bias [8]", "body.layers.6.weight [8, 8, 4, 4]", "body.layers.6.bias [8]",
        "body.layers.7.weight [8]", "body.layers.7.bias [8]", "output.weight [8, 6, 4, 4]", "output.bias [6]")]
    [InlineData(
        "resnet",
        "body.layers.0.weight [48, 3]", "body.layers.0.bias [48]",
        "body.layers.2.norm1.weight [8]", "body.layers.2.norm1.bias [8]",
        "body.layers.2.conv1.weight [8, 8, 3, 3]", "body.layers.2.conv1.bias [8]",
        "body.layers.2.norm2.weight [8]", "body.layers.2.norm2.bias [8]",
        "body.layers.2.conv2.weight [8, 8, 3, 3]", "body.layers.2.conv2.bias [8]",
        "body.layers.3.norm1.weight [8]", "body.layers.3.norm1.bias [8]",
        "body.layers.3.conv1.weight [8, 8, 3, 3]", "body.layers.3.conv1.bias [8]",
        "body.layers.3.norm2.weight [8]", "body.layers.3.norm2.bias [8]",
        "body.layers.3.conv2.weight [8, 8, 3, 3]", "body.layers.3.conv2.bias [8]",
        "body.layers.4.norm1.weight [8]", "body.layers.4.norm1.bias [8]",
        "body.layers.4.conv1.weight [8, 8, 3, 3]", "body.layers.4.conv1.bias [8]",
        "body.layers.4.norm2.weight [8]", "body.layers.4.norm2.bias [8]",
        "body.layers.4.conv2.weight [8, 8, 3, 3]", "body.layers.4.conv2.bias [8]",
        "body.layers.5.norm1.weight [8]", "body.layers.5.norm1.bias [8]",
        "body.layers.5.conv1.weight [8, 8, 3, 3]", "body.layers.5.conv1.bias [8]",
        "body.layers.5.norm2.weight [8]", "body.layers.5.norm2.bias [8]",
        "body.layers.5.conv2.weight [8, 8, 3, 3]", "body.layers.5.conv2.bias [8]",
        "body.layers.6.weight [8]", "body.layers.6.bias [8]", "output.weight [6, 8, 3, 3]", "output.bias [6]")]
    public void Decoders_are_named_as_in_PyTorch(string kind, params string[] expected)
    {
        using LikelihoodDecoder decoder = NetworkShapeTests.Decoder(kind, Image, outputsPerPixel: 2);

        Assert.Equal(expected.Order(StringComparer.Ordinal), Names(decoder));
    }

    [Theory]
    [InlineData("mlp layer")]
    [InlineData("gated_mlp")]
    [InlineData("conv group")]
    [InlineData("resnet")]
    public void What_a_state_dict_holds_makes_another_network_the_same(string kind)
    {
        using DisposeScope scope = NewDisposeScope();
        using GaussianEncoder encoder = NetworkShapeTests.Encoder(kind, Image);
        using GaussianEncoder copy = NetworkShapeTests.Encoder(kind, Image);
        Tensor input = rand(4, Image.PixelCount);
        Tensor expected = encoder.forward(input).Mean;
        Assert.False(expected.Equals(copy.forward(input).Mean));

        copy.load_state_dict(encoder.state_dict());

        Assert.True(expected.Equals(copy.forward(input).Mean));
    }

    private static IEnumerable<string> Names(nn.Module module) =>
        module.state_dict().Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.shape)}]").Order(StringComparer.Ordinal);
}
