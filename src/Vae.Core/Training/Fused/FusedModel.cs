using Vae.Core.Engine;
using Vae.Core.Training.Optimizers;
using Vae.Core.Models;
using Vae.Core.Networks;
using Vae.Core.Priors;

namespace Vae.Core.Training.Fused;

/// <summary>
/// A model of dense layers laid out for the fused step: flat parameters, and all memory that a batch needs, taken once. Rows of the encoder
/// are first the pseudo-inputs of a VampPrior, where there is one, then the images; rows of the decoder are the draws, those of an image one
/// after another.
/// </summary>
internal sealed class FusedModel : IDisposable
{
    /// <summary>Lays out a model. It must be on the CPU, float32, and not move afterwards.</summary>
    /// <param name="model">The model; its parameters become views of the flat ones.</param>
    /// <param name="batch">Images in a batch at most.</param>
    /// <param name="draws">K.</param>
    /// <param name="targetIsInput">Whether images and targets are the same numbers.</param>
    public FusedModel(VariationalAutoencoder model, int batch, int draws, bool targetIsInput)
    {
        DenseShape[] encoder =
        [
            .. model.Encoder.DenseBlocks!.Select(DenseShape.Of),
            new DenseShape([model.Encoder.Mean, model.Encoder.LogVariance]),
        ];
        DenseShape[] decoder = [.. model.Decoder.DenseBlocks!.Select(DenseShape.Of)];
        Parameters = new FlatParameters(model, encoder.Concat(decoder).SelectMany(shape => new[] { shape.Weights, shape.Biases }));
        Prior = model.Prior;
        Batch = batch;
        Draws = draws;
        Latent = model.Latent;
        Pixels = model.Likelihood.Pixels;
        ComponentRows = Prior is VampPrior vamp ? (int)vamp.PseudoInputs.shape[0] : 0;
        Input = new TensorBuffer<float>(ComponentRows + batch, Pixels);
        Target = targetIsInput ? null : new TensorBuffer<float>(batch, Pixels);
        Noise = new TensorBuffer<float>(batch * draws, Latent);
        Latents = new TensorBuffer<float>(batch * draws, Latent);
        LatentGradient = new TensorBuffer<float>(batch * draws, Latent);
        Encoder = Layers(encoder, Input, ComponentRows + batch);
        Head = new PosteriorHead(Encoder[^1], model.Encoder.Bound, ComponentRows + batch);
        Decoder = Layers(decoder, Latents, batch * draws);
        Likelihood = LikelihoodPass.For(model.Likelihood)!;
        Components = Prior switch
        {
            VampPrior => new MixtureComponents(ComponentRows, Latent),
            MixturePrior mixture => new MixtureComponents((int)mixture.Means.shape[0], Latent),
            _ => null,
        };
        PseudoInputGradient = Prior is VampPrior { PseudoInputs: var pseudo } ? GradientOf(pseudo) : null;
    }

    /// <summary>The weights and their gradients.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>The model's prior.</summary>
    public Prior Prior { get; }

    /// <summary>Images in a batch at most.</summary>
    public int Batch { get; }

    /// <summary>K.</summary>
    public int Draws { get; }

    /// <summary>D.</summary>
    public int Latent { get; }

    /// <summary>P.</summary>
    public int Pixels { get; }

    /// <summary>How many rows of the encoder are pseudo-inputs.</summary>
    public int ComponentRows { get; }

    /// <summary>What the encoder sees, [ComponentRows + B, P].</summary>
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

    /// <summary>The decoder's layers.</summary>
    public LayerBuffers[] Decoder { get; }

    /// <summary>p(x|z) on the decoder's last layer.</summary>
    public LikelihoodPass Likelihood { get; }

    /// <summary>The components of p(z); null for N(0, I).</summary>
    public MixtureComponents? Components { get; }

    /// <summary>The gradient with respect to pseudo-inputs, [C, P]; null where there are none.</summary>
    public TensorBuffer<float>? PseudoInputGradient { get; }

    /// <summary>Why a model has no such layout; null where it has one.</summary>
    public static string? Obstacle(VariationalAutoencoder model)
    {
        IReadOnlyList<DenseBlock>? encoder = model.Encoder.DenseBlocks;
        IReadOnlyList<DenseBlock>? decoder = model.Decoder.DenseBlocks;
        if (encoder is null || decoder is null)
        {
            return "a network is not made of dense layers alone";
        }

        if (encoder.Concat(decoder).FirstOrDefault(block => ActivationKernel.For(block.Activation) is null) is { } unknown)
        {
            return $"the activation {unknown.Activation} has no kernel";
        }

        if (LikelihoodPass.For(model.Likelihood) is null)
        {
            return "the likelihood has a scale of its own";
        }

        return model.Prior is StandardNormalPrior or MixturePrior or VampPrior ? null : "the prior has no kernel";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in new IDisposable?[] { Input, Target, Noise, Latents, LatentGradient, Head, Components, PseudoInputGradient }.OfType<IDisposable>())
        {
            part.Dispose();
        }

        Array.ForEach([.. Encoder, .. Decoder], layer => layer.Dispose());
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

    private TensorBuffer<float> GradientOf(TorchSharp.Modules.Parameter parameter)
    {
        using Tensor flat = Parameters.Gradients.Tensor.narrow(0, Parameters.Offset(parameter), parameter.numel());
        return new TensorBuffer<float>(flat.view(parameter.shape).DetachFromDisposeScope());
    }
}
