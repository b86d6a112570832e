namespace Vae.Core.Distributions;

/// <summary>
/// A density over latents as it stands at one moment. A learned prior gives one for each step or evaluation, so that what it costs to
/// work out (pseudo-inputs to encode, say) is paid once. More than this pair only some densities have, as the interfaces below.
/// </summary>
internal abstract record LatentDensity
{
    /// <summary>log p(z) in nats.</summary>
    /// <param name="z">[…, D].</param>
    /// <returns>[…].</returns>
    public abstract Tensor LogProbability(Tensor z);

    /// <summary>Latents drawn from p(z), their spread scaled by the temperature (1 is p itself, 0 the centre or centres).</summary>
    /// <param name="noise">Draws of N(0, I), [N, D].</param>
    /// <param name="uniform">Draws uniform in [0, 1) that choose between components, [N].</param>
    /// <param name="temperature">Factor on the standard deviation.</param>
    /// <returns>[N, D].</returns>
    public abstract Tensor Sample(Tensor noise, Tensor uniform, double temperature);
}

/// <summary>A density whose marginals are known.</summary>
internal interface IMarginals
{
    /// <summary>The logarithms of the marginal densities of each dimension alone, in nats.</summary>
    /// <param name="z">[…, D].</param>
    /// <returns>[…, D].</returns>
    Tensor LogMarginals(Tensor z);
}

/// <summary>A density from which the divergence of a Gaussian has a closed form that is a sum over dimensions.</summary>
internal interface IClosedFormKl
{
    /// <summary>KL(q‖p) for each latent dimension in nats.</summary>
    /// <returns>[B, D].</returns>
    Tensor KlFrom(DiagonalGaussian posterior);
}

/// <summary>A density whose mean and variance are known.</summary>
internal interface IMoments
{
    /// <summary>The Gaussian that has p(z)'s mean and variance in each dimension.</summary>
    /// <param name="like">Latents […, D], for the number of dimensions, type and device.</param>
    /// <returns>A Gaussian over [D].</returns>
    DiagonalGaussian Matched(Tensor like);
}

/// <summary>N(0, I).</summary>
internal sealed record StandardNormalDensity : LatentDensity, IMarginals, IClosedFormKl, IMoments
{
    public override Tensor LogProbability(Tensor z) => LogMarginals(z).sum(-1);

    public Tensor LogMarginals(Tensor z) => -0.5 * (z.square() + DiagonalGaussian.LogTwoPi);

    public Tensor KlFrom(DiagonalGaussian posterior) => posterior.KlFromStandardNormal();

    public override Tensor Sample(Tensor noise, Tensor uniform, double temperature) => noise * temperature;

    public DiagonalGaussian Matched(Tensor like)
    {
        Tensor zero = zeros([like.shape[^1]], like.dtype, like.device);
        return new DiagonalGaussian(zero, zero);
    }
}
