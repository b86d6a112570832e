namespace Vae.Core.Networks;

/// <summary>
/// The decoder: features of a latent, then one layer to the likelihood's unconstrained parameters. Where the likelihood wants O numbers for
/// each of P = C·H·W pixels, they come as O planes of whole images: output o of pixel p stands at o·P + p, so [N, O·P] reshapes to
/// [N, O, C, H, W].
/// </summary>
internal sealed class LikelihoodDecoder : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "body")]
    private readonly FeatureNetwork _body;

    [ComponentName(Name = "output")]
    private readonly nn.Module<Tensor, Tensor> _output;

    /// <param name="body">From latents [N, D] to features.</param>
    /// <param name="output">From there to [N, O·P], or by convolution to [N, O·C, H, W].</param>
    public LikelihoodDecoder(FeatureNetwork body, nn.Module<Tensor, Tensor> output)
        : base("decoder")
    {
        _body = body;
        _output = output;
        RegisterComponents();
    }

    /// <summary>Whether the output layer has one bias for a whole channel, not one for each pixel.</summary>
    public bool SharesBias => _output is not Linear;

    /// <summary>All layers, the output layer among them, where all are dense; else null.</summary>
    public IReadOnlyList<DenseBlock>? DenseBlocks =>
        _body.DenseBlocks is { } blocks && _output is Linear output ? [.. blocks, new DenseBlock(output)] : null;

    private Parameter OutputBias => _output switch
    {
        Linear dense => dense.bias!,
        Convolution convolution => convolution.bias!,
        _ => throw new NotSupportedException($"The output layer {_output.GetName()} has no known bias."),
    };

    /// <summary>The likelihood's parameters (logits, not probabilities).</summary>
    /// <param name="latents">[N, D].</param>
    /// <returns>[N, O·P].</returns>
    public override Tensor forward(Tensor latents)
    {
        Tensor output = _output.forward(_body.forward(latents));
        return SharesBias ? output.flatten(1) : output; // [N, O·C, H, W] to [N, O·P]
    }

    /// <summary>Sets the output layer's bias.</summary>
    /// <param name="outputs">
    /// What a decoder shall give whose features are zero, [O·P]; where <see cref="SharesBias"/>, the pixels of a channel must be alike.
    /// </param>
    public void SetOutputBias(ReadOnlySpan<float> outputs)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Parameter bias = OutputBias;
        Tensor values = empty(bias.shape, ScalarType.Float32);
        Span<float> target = TensorMemory.Of<float>(values);
        int pixels = outputs.Length / target.Length; // that share one bias
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = outputs[i * pixels];
        }

        bias.copy_(values);
    }
}
