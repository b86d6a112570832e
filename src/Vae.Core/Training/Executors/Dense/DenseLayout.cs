using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Networks;
using Vae.Core.Objectives;
using Vae.Core.Training.Optimizers;

namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// A model of dense layers laid out: flat parameters, and all memory that a batch needs, taken once. Rows of the encoder are first the
/// pseudo-inputs of a VampPrior, where there is one, then the images; rows of the decoder are the draws, those of an image one after another.
/// </summary>
internal sealed class DenseLayout : IDisposable
{
    public DenseLayout(TrainingProblem problem)
    {
        DenseForm form = problem.Model.DenseForm!;
        DenseShape[] encoder = [.. form.Encoder.Select(DenseShape.Of), new DenseShape([form.Mean, form.LogVariance])];
        DenseShape[] decoder = [.. form.Decoder.Select(DenseShape.Of)];
        int batch = problem.LargestBatch;
        Parameters = new FlatParameters(problem.Model, encoder.Concat(decoder).SelectMany(shape => new[] { shape.Weights, shape.Biases }));
        Loss = problem.Objective.DenseForm!.Value;
        Draws = problem.Objective.SamplesPerImage;
        Latent = problem.Model.Latent;
        Pixels = problem.Model.Likelihood.Pixels;
        FirstImageRow = form.PseudoInputs is { } pseudoInputs ? (int)pseudoInputs.shape[0] : 0;
        Input = new TensorBuffer<float>(FirstImageRow + batch, Pixels);
        Target = problem.Loader.TargetIsInput ? null : new TensorBuffer<float>(batch, Pixels);
        Noise = new TensorBuffer<float>(batch * Draws, Latent);
        Latents = new TensorBuffer<float>(batch * Draws, Latent);
        LatentGradient = new TensorBuffer<float>(batch * Draws, Latent);
        Encoder = Layers(encoder, Input, FirstImageRow + batch);
        Head = new PosteriorHead(Encoder[^1], form.Bound, FirstImageRow + batch);
        Decoder = Layers(decoder, Latents, batch * Draws);
        Likelihood = new LikelihoodPass(problem.Model.Likelihood);
        if (form.PseudoInputs is { } pseudo)
        {
            Components = new MixtureComponents(FirstImageRow, Latent);
            PseudoInputOffset = Parameters.Offset(pseudo);
            using Tensor flat = Parameters.Gradients.Tensor.narrow(0, PseudoInputOffset, pseudo.numel());
            PseudoInputGradient = new TensorBuffer<float>(flat.view(pseudo.shape).DetachFromDisposeScope());
        }
    }

    public FlatParameters Parameters { get; }

    public DenseLoss Loss { get; }

    /// <summary>K.</summary>
    public int Draws { get; }

    /// <summary>D.</summary>
    public int Latent { get; }

    /// <summary>P.</summary>
    public int Pixels { get; }

    /// <summary>The first row of the encoder that is an image; those before are pseudo-inputs.</summary>
    public int FirstImageRow { get; }

    /// <summary>What the encoder sees, [FirstImageRow + B, P].</summary>
    public TensorBuffer<float> Input { get; }

    /// <summary>What the likelihood scores, [B, P]; null where that is the input.</summary>
    public TensorBuffer<float>? Target { get; }

    /// <summary>ε, [B·K, D].</summary>
    public TensorBuffer<float> Noise { get; }

    /// <summary>z, [B·K, D].</summary>
    public TensorBuffer<float> Latents { get; }

    /// <summary>∂/∂z, [B·K, D].</summary>
    public TensorBuffer<float> LatentGradient { get; }

    /// <summary>The encoder's layers, the last of them both heads side by side.</summary>
    public LayerBuffers[] Encoder { get; }

    /// <summary>q(z|x) on the encoder's last layer.</summary>
    public PosteriorHead Head { get; }

    public LayerBuffers[] Decoder { get; }

    /// <summary>p(x|z) on the decoder's last layer.</summary>
    public LikelihoodPass Likelihood { get; }

    /// <summary>The components of p(z); null for N(0, I).</summary>
    public MixtureComponents? Components { get; }

    /// <summary>Where the pseudo-inputs stand among the parameters.</summary>
    public int PseudoInputOffset { get; }

    /// <summary>The gradient with respect to pseudo-inputs, [C, P]; null where there are none.</summary>
    public TensorBuffer<float>? PseudoInputGradient { get; }

    public void Dispose()
    {
        IDisposable?[] parts = [Input, Target, Noise, Latents, LatentGradient, Head, Components, PseudoInputGradient, .. Encoder, .. Decoder];
        Array.ForEach(parts, part => part?.Dispose());
    }

    private LayerBuffers[] Layers(DenseShape[] shapes, TensorBuffer<float> input, int rows)
    {
        LayerBuffers[] layers = new LayerBuffers[shapes.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new LayerBuffers(shapes[i], Parameters, i == 0 ? input : layers[i - 1].Values, rows, isLast: i == layers.Length - 1);
        }

        return layers;
    }
}

/// <summary>What a dense layer consists of: one linear map, or several whose outputs stand side by side.</summary>
/// <param name="Maps">The maps.</param>
/// <param name="Activation">What follows; null for nothing.</param>
/// <param name="IsGated">Whether the second map is the gate of the first.</param>
internal sealed record DenseShape(IReadOnlyList<Linear> Maps, Activation? Activation = null, bool IsGated = false)
{
    /// <summary>[out, in] each.</summary>
    public IReadOnlyList<Parameter> Weights => [.. Maps.Select(map => map.weight)];

    /// <summary>[out] each.</summary>
    public IReadOnlyList<Parameter> Biases => [.. Maps.Select(map => map.bias!)];

    public static DenseShape Of(DenseBlock block) =>
        block.Gate is { } gate ? new([block.Map, gate], IsGated: true) : new([block.Map], block.Activation);
}

/// <summary>Some rows through all layers of a network, and back.</summary>
internal sealed class RowChain : IDisposable
{
    private readonly LayerBuffers.Rows[] _layers;

    /// <summary>Takes views.</summary>
    /// <param name="layers">The network.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="inputGradient">Where the gradient with respect to the network's input goes; null where nobody wants it.</param>
    public RowChain(LayerBuffers[] layers, int start, int end, TensorBuffer<float>? inputGradient) => _layers =
        [.. layers.Select((layer, i) => new LayerBuffers.Rows(layer, start, end, i == 0 ? inputGradient : layers[i - 1].ValueGradient))];

    /// <summary>From the input to the last layer's products.</summary>
    public void Forward()
    {
        foreach (LayerBuffers.Rows layer in _layers)
        {
            layer.Forward();
        }
    }

    /// <summary>From the gradient of the last layer's products to those of all others.</summary>
    public void Backward()
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].Backward();
        }
    }

    public void Dispose() => Array.ForEach(_layers, layer => layer.Dispose());
}
