using static TorchSharp.torch;

namespace Vae.Core.Models;

/// <summary>The parts of the evidence lower bound, per example and in nats, before any reduction or weighting.</summary>
/// <param name="LogLikelihood">log p(x|z), [K, B].</param>
/// <param name="Kl">KL(q(z|x)‖p(z)) for each latent dimension, [B, D].</param>
public sealed record ElboTerms(Tensor LogLikelihood, Tensor Kl)
{
    /// <summary>E_q[log p(x|z)] as the mean over the K draws, [B].</summary>
    public Tensor Reconstruction() => LogLikelihood.mean(new long[] { 0 });

    /// <summary>KL(q(z|x)‖p(z)) summed over latent dimensions, [B].</summary>
    public Tensor KlPerExample() => Kl.sum(-1);
}
