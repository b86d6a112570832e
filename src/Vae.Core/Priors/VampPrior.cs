using Vae.Core.Distributions;

namespace Vae.Core.Priors;

/// <summary>
/// The variational mixture of posteriors (Tomczak and Welling 2018, equation 9): p(z) = (1/C) Σ q(z|u_c), over pseudo-inputs u_c that are
/// learned with the model. They are held to [0, 1], the range of pixels, by clipping as the paper's code does (hard tanh); a pseudo-pixel
/// beyond it has no gradient. Parameter: pseudo_inputs [C, P].
/// </summary>
public sealed class VampPrior : Prior
{
    private readonly Func<Tensor, DiagonalGaussian> _encode;

    [ComponentName(Name = "pseudo_inputs")]
    private readonly Parameter _pseudoInputs;

    /// <summary>Creates the prior.</summary>
    /// <param name="dimension">D, the number of latent dimensions.</param>
    /// <param name="pseudoInputs">Where the pseudo-inputs start, [C, P]; taken over.</param>
    /// <param name="encode">The model's own encoder. Its parameters stay the model's; the density's gradient flows into them as well.</param>
    public VampPrior(int dimension, Tensor pseudoInputs, Func<Tensor, DiagonalGaussian> encode)
        : base(dimension)
    {
        _encode = encode;
        _pseudoInputs = nn.Parameter(pseudoInputs);
        RegisterComponents();
    }

    /// <summary>Before they are held to [0, 1], [C, P].</summary>
    internal Parameter PseudoInputs => _pseudoInputs;

    /// <summary>Encodes the pseudo-inputs: once a step or evaluation.</summary>
    public override LatentDensity Density()
    {
        DiagonalGaussian posteriors = _encode(_pseudoInputs.clamp(0, 1)); // [C, D]
        long count = posteriors.Mean.shape[0];
        Tensor logWeights = full([count], -Math.Log(count), posteriors.Mean.dtype, posteriors.Mean.device);
        return new GaussianMixtureDensity(logWeights, posteriors.Mean, posteriors.LogVariance);
    }
}
