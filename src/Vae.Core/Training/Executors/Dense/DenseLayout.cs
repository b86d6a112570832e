namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// A model of dense layers laid out: flat parameters, and all memory that a batch needs, taken once. Rows of the encoder
/// are first the pseudo-inputs of a VampPrior, where there is one, then the images; rows of the decoder are the draws,
/// those of an image one after another.
/// </summary>
internal sealed class DenseLayout : IDisposable
{
    public DenseLayout(TrainingProblem problem)
    {
        Form = problem.Model.DenseForm!;
        DenseShape[] encoder = [.. Form.Encoder.Select(DenseShape.Of), new DenseShape([Form.Mean, Form.LogVariance])];
        DenseShape[] decoder = [.. Form.Decoder.Select(DenseShape.Of)];
        int batch = problem.LargestBatch;
        Parameters = new FlatParameters(problem.Model, encoder.Concat(decoder).SelectMany(shape => new[] { shape.Weights, shape.Biases }));
        Loss = problem.Objective.DenseForm!.Value;
        Draws = problem.Objective.SamplesPerImage;
        Latent = problem.Model.Latent;
        Pixels = problem.Model.Likelihood.Pixels;
        PseudoInputs = Form.PseudoInputs is { } pseudoInputs ? new PseudoInputs(pseudoInputs, Parameters, Latent) : null;
        FirstImageRow = PseudoInputs?.Count ?? 0;
        Input = new TensorBuffer<float>(FirstImageRow + batch, Pixels);
        Target = problem.Loader.TargetIsInput ? null : new TensorBuffer<float>(batch, Pixels);
        Noise = new TensorBuffer<float>(batch * Draws, Latent);
        Latents = new TensorBuffer<float>(batch * Draws, Latent);
        LatentGradient = new TensorBuffer<float>(batch * Draws, Latent);
        Encoder = Layers(encoder, Input, FirstImageRow + batch);
        Head = new PosteriorHead(Encoder[^1], Form.Bound, FirstImageRow + batch);
        Decoder = Layers(decoder, Latents, batch * Draws);
        Likelihood = new LikelihoodPass(problem.Model.Likelihood);
    }

    public DenseForm Form { get; }
    public FlatParameters Parameters { get; }
    public DenseLoss Loss { get; }
    public int Draws { get; }                          // K
    public int Latent { get; }                         // D
    public int Pixels { get; }                         // P
    public int FirstImageRow { get; }                  // the first row of the encoder that is an image; those before are pseudo-inputs
    public TensorBuffer<float> Input { get; }          // what the encoder sees, [FirstImageRow + B, P]
    public TensorBuffer<float>? Target { get; }        // what the likelihood scores, [B, P]; null where that is the input
    public TensorBuffer<float> Noise { get; }          // ε, [B·K, D]
    public TensorBuffer<float> Latents { get; }        // z, [B·K, D]
    public TensorBuffer<float> LatentGradient { get; } // ∂/∂z, [B·K, D]
    public LayerBuffers[] Encoder { get; }             // the encoder's layers, the last of them both heads side by side
    public PosteriorHead Head { get; }                 // q(z|x) on the encoder's last layer
    public LayerBuffers[] Decoder { get; }
    public LikelihoodPass Likelihood { get; }          // p(x|z) on the decoder's last layer
    public PseudoInputs? PseudoInputs { get; }         // the components of p(z); null for N(0, I)

    public void Dispose() => Array.ForEach<IDisposable?>(
        [Input, Target, Noise, Latents, LatentGradient, Head, PseudoInputs, .. Encoder, .. Decoder], part => part?.Dispose());

    private LayerBuffers[] Layers(DenseShape[] shapes, TensorBuffer<float> input, int rows)
    {
        LayerBuffers[] layers = new LayerBuffers[shapes.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new LayerBuffers(shapes[i], Parameters, input, rows, isLast: i == layers.Length - 1);
            input = layers[i].Values;
        }

        return layers;
    }
}

/// <summary>
/// A dense layer: one linear map, or several whose outputs stand side by side, perhaps the second as the gate of the first.
/// </summary>
internal sealed record DenseShape(IReadOnlyList<Linear> Maps, Activation? Activation = null, bool IsGated = false)
{
    /// <summary>[out, in] each.</summary>
    public IReadOnlyList<Parameter> Weights => [.. Maps.Select(map => map.weight)];

    /// <summary>[out] each.</summary>
    public IReadOnlyList<Parameter> Biases => [.. Maps.Select(map => map.bias!)];

    public int Inputs => (int)Maps[0].weight.shape[1];

    /// <summary>Numbers in a row of products.</summary>
    public int Width => Maps.Sum(map => (int)map.weight.shape[0]);

    /// <summary>Numbers in a row of values.</summary>
    public int Outputs => IsGated ? Width / 2 : Width;

    public static DenseShape Of(DenseBlock block) =>
        block.Gate is { } gate ? new([block.Map, gate], IsGated: true) : new([block.Map], block.Activation);
}

/// <summary>Some rows through all layers of a network, and back.</summary>
internal sealed class RowChain : IDisposable
{
    private readonly LayerBuffers.Rows[] _layers;

    // The gradient with respect to the network's input is null where it is not wanted.
    public RowChain(LayerBuffers[] layers, int start, int end, TensorBuffer<float>? inputGradient) => _layers =
        [.. layers.Select((layer, i) => new LayerBuffers.Rows(layer, start, end, i == 0 ? inputGradient : layers[i - 1].ValueGradient))];

    /// <summary>From the input to the last layer's products.</summary>
    public void Forward() => Array.ForEach(_layers, layer => layer.Forward());

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
