using Vae.Benchmarks;

namespace Vae.Core.Tests.Benchmarks;

public class DenseLayerTests
{
    [Fact]
    public void An_mlp_has_its_four_layers_with_both_heads_as_one()
    {
        IReadOnlyList<DenseLayer>? layers = DenseLayer.Of(new GaussianVaeConfiguration { Latent = 20 }, pixels: 784, batch: 128, draws: 1);
        Assert.Equal(
            [new(128, 784, 400, false), new(128, 400, 40, true), new(128, 20, 400, true), new(128, 400, 784, true)],
            layers!);
        // 128 · 2 · (2 · 784·400 + 3 · (400·40 + 20·400 + 400·784)): the first layer needs no gradient with respect to its input.
        Assert.Equal(128 * 2.0 * ((2 * 784 * 400) + (3 * ((400 * 40) + (20 * 400) + (400 * 784)))), layers!.Sum(layer => layer.Operations));
    }

    [Fact]
    public void Gates_double_a_layer_and_draws_multiply_the_decoders_rows()
    {
        GaussianVaeConfiguration model =
            new() { Latent = 40, Encoder = new GatedMlpConfiguration(), Decoder = new GatedMlpConfiguration() };
        Assert.Equal(
            [
                new(20, 784, 600, false), new(20, 300, 600, true), new(20, 300, 80, true),
                new(100, 40, 600, true), new(100, 300, 600, true), new(100, 300, 784, true),
            ],
            DenseLayer.Of(model, pixels: 784, batch: 20, draws: 5)!);
    }

    [Fact]
    public void A_linear_encoder_reads_the_images_with_its_heads()
    {
        GaussianVaeConfiguration model = new() { Latent = 2, Encoder = new LinearConfiguration(), Decoder = new LinearConfiguration() };
        Assert.Equal([new(10, 784, 4, false), new(10, 2, 784, true)], DenseLayer.Of(model, pixels: 784, batch: 10, draws: 1)!);
    }

    [Fact]
    public void Convolutions_are_no_dense_layers() =>
        Assert.Null(DenseLayer.Of(new GaussianVaeConfiguration { Encoder = new ConvConfiguration() }, pixels: 784, batch: 10, draws: 1));
}
