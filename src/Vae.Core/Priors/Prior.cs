using Vae.Core.Distributions;
using static TorchSharp.torch;

namespace Vae.Core.Priors;

/// <summary>The distribution p(z) that latents are held to in training and drawn from afterwards. A learned prior has parameters.</summary>
public abstract class Prior : nn.Module
{
    /// <summary>Creates a prior over latents of D dimensions.</summary>
    protected Prior(int dimension)
        : base("prior") => Dimension = dimension;

    /// <summary>D, the number of latent dimensions.</summary>
    public int Dimension { get; }

    /// <summary>log p(z) in nats.</summary>
    /// <param name="z">[…, D].</param>
    /// <returns>[…].</returns>
    public abstract Tensor LogProbability(Tensor z);

    /// <summary>KL(q‖p) for each latent dimension, in nats, where it has a closed form; else null.</summary>
    /// <returns>[B, D] or null.</returns>
    public abstract Tensor? ClosedFormKl(DiagonalGaussian posterior);

    /// <summary>Latents drawn from p(z), their spread scaled by the temperature (1 is the prior itself, 0 its centre).</summary>
    /// <param name="noise">Draws of N(0, I), [N, D].</param>
    /// <param name="temperature">Factor on the standard deviation.</param>
    /// <returns>[N, D].</returns>
    public abstract Tensor Sample(Tensor noise, double temperature);
}
