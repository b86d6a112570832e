using Vae.Core.Networks;

namespace Vae.Benchmarks;

/// <summary>A dense layer of a training step as its matrix products see it.</summary>
/// <param name="Rows">Rows that go through it: the batch, times the draws of each image in a decoder.</param>
/// <param name="Inputs">Columns in.</param>
/// <param name="Outputs">Columns out; layers that read the same input count as one.</param>
/// <param name="NeedsInputGradient">False for the layer that reads the images.</param>
internal sealed record DenseLayer(int Rows, int Inputs, int Outputs, bool NeedsInputGradient)
{
    /// <summary>Floating-point operations of a step: forward, weight gradient and, where needed, input gradient.</summary>
    public double Operations => 2.0 * Rows * Inputs * Outputs * (NeedsInputGradient ? 3 : 2);

    /// <summary>The layers of a model, from image to image; null where it has others than dense ones.</summary>
    public static IReadOnlyList<DenseLayer>? Of(GaussianVaeConfiguration model, int pixels, int batch, int draws)
    {
        if (Widths(model.Encoder) is not { } encoder || Widths(model.Decoder) is not { } decoder)
        {
            return null;
        }

        List<DenseLayer> layers = [];
        int width = Add(layers, encoder, batch, pixels, readsImages: true);
        layers.Add(new DenseLayer(batch, width, 2 * model.Latent, layers.Count > 0)); // mean and log-variance
        width = Add(layers, decoder, batch * draws, model.Latent, readsImages: false);
        layers.Add(new DenseLayer(batch * draws, width, pixels, true));
        return layers;
    }

    private static int Add(List<DenseLayer> layers, (IReadOnlyList<int> Hidden, int Gates) network, int rows, int inputs, bool readsImages)
    {
        foreach (int hidden in network.Hidden)
        {
            layers.Add(new DenseLayer(rows, inputs, network.Gates * hidden, !readsImages));
            inputs = hidden;
            readsImages = false;
        }

        return inputs;
    }

    private static (IReadOnlyList<int> Hidden, int Gates)? Widths(NetworkConfiguration network) => network switch
    {
        MlpConfiguration mlp => (mlp.Hidden, 1),
        GatedMlpConfiguration gated => (gated.Hidden, 2),
        LinearConfiguration => ([], 1),
        _ => null,
    };
}
