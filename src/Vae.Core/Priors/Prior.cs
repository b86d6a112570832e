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

    /// <summary>The density under the parameters of this moment, gradients flowing into them.</summary>
    public abstract LatentDensity Density();
}
