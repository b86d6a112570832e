using Vae.Core.Distributions;

namespace Vae.Core.Priors;

/// <summary>
/// The distribution p(z) that latents are held to in training and drawn from afterwards. A learned prior has parameters, which the
/// state_dict names prior.….
/// </summary>
/// <remarks>
/// A prior is a module that makes a <see cref="LatentDensity"/>; all else (objectives, evaluation, sampling) sees the density alone. So a
/// flow prior is one more module, whose density transforms z and adds the logarithm of the Jacobian's determinant, and samples by the
/// inverse; it has no closed-form KL, which every user of a density allows for. Several stochastic layers, too, enter here and not in the
/// objectives: those ask the terms of the bound for log p(z) and log q(z|x) of a draw, which then are sums over the layers.
/// </remarks>
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
