using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vae.Core.Networks;

/// <summary>The decoder: features of a latent, then one linear layer to the likelihood's unconstrained parameters.</summary>
public sealed class LikelihoodDecoder : nn.Module<Tensor, Tensor>
{
    private readonly FeatureNetwork _body;
    private readonly Linear _output;

    /// <summary>Creates the output layer on top of the body.</summary>
    /// <param name="body">From latents [N, D] to features.</param>
    /// <param name="outputs">Numbers the likelihood wants for an image.</param>
    public LikelihoodDecoder(FeatureNetwork body, int outputs)
        : base("decoder")
    {
        _body = body;
        _output = nn.Linear(body.OutputFeatures, outputs);
        register_module("body", _body);
        register_module("output", _output);
    }

    /// <summary>The likelihood's parameters (logits, not probabilities).</summary>
    /// <param name="latents">[N, D].</param>
    /// <returns>[N, outputs].</returns>
    public override Tensor forward(Tensor latents) => _output.forward(_body.forward(latents));
}
