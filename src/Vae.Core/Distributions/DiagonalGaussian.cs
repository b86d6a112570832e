namespace Vae.Core.Distributions;

/// <summary>
/// Gaussians with diagonal covariance, one a row: the approximate posterior q(z|x) = N(μ(x), diag σ²(x)) of Kingma and Welling 2014.
/// </summary>
/// <param name="Mean">μ, [B, D].</param>
/// <param name="LogVariance">log σ², [B, D].</param>
internal sealed record DiagonalGaussian(Tensor Mean, Tensor LogVariance)
{
    /// <summary>log 2π.</summary>
    internal static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    /// <summary>σ, [B, D].</summary>
    public Tensor StandardDeviation() => (0.5 * LogVariance).exp();

    /// <summary>Reparameterized draws z = μ + σ ⊙ ε (Kingma and Welling 2014, section 2.4).</summary>
    /// <param name="noise">ε of N(0, I), [K, B, D] or [B, D].</param>
    /// <returns>z, of the noise's shape.</returns>
    public Tensor Reparameterize(Tensor noise) => Mean + (StandardDeviation() * noise);

    /// <summary>log q(z|x) in nats.</summary>
    /// <param name="z">[K, B, D] or [B, D].</param>
    /// <returns>[K, B] or [B].</returns>
    public Tensor LogProbability(Tensor z) => LogMarginals(z).sum(-1);

    /// <summary>The log-densities of each dimension alone, in nats.</summary>
    /// <param name="z">[K, B, D] or [B, D].</param>
    /// <returns>Of z's shape.</returns>
    public Tensor LogMarginals(Tensor z)
    {
        Tensor squared = (z - Mean).square() * (-LogVariance).exp(); // ((z − μ) / σ)²
        return -0.5 * (squared + LogVariance + LogTwoPi);
    }

    /// <summary>log q(z|x) in nats of draws z = μ + σ ⊙ ε, from their noise.</summary>
    /// <param name="noise">ε, [K, B, D].</param>
    /// <returns>[K, B].</returns>
    public Tensor LogProbabilityOfNoise(Tensor noise) =>
        -0.5 * (noise.square().sum(-1) + (LogVariance.sum(-1) + (LogVariance.shape[^1] * LogTwoPi)));

    /// <summary>
    /// KL(q‖N(0, I)) in nats for each dimension, in closed form (Kingma and Welling 2014, appendix B): ½ (μ² + σ² − 1 − log σ²).
    /// </summary>
    /// <returns>[B, D].</returns>
    public Tensor KlFromStandardNormal() => 0.5 * (Mean.square() + LogVariance.exp() - 1 - LogVariance);

    /// <summary>The same Gaussians, through which no gradient flows.</summary>
    public DiagonalGaussian Detach() => new(Mean.detach(), LogVariance.detach());

    /// <summary>Some of the rows.</summary>
    public DiagonalGaussian Narrow(int start, int count) => new(Mean.narrow(0, start, count), LogVariance.narrow(0, start, count));
}
