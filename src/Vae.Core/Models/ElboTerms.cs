using Vae.Core.Distributions;

namespace Vae.Core.Models;

/// <summary>
/// The parts of the evidence lower bound, per example and in nats, before any reduction or weighting. Objectives are functions of them.
/// </summary>
public sealed record ElboTerms
{
    /// <summary>q(z|x), over [B, D].</summary>
    public required DiagonalGaussian Posterior { get; init; }

    /// <summary>p(z) of this moment.</summary>
    public required LatentDensity Prior { get; init; }

    /// <summary>Reparameterized draws z, [K, B, D].</summary>
    public required Tensor Latents { get; init; }

    /// <summary>log p(x|z), [K, B].</summary>
    public required Tensor LogLikelihood { get; init; }

    /// <summary>E_q[log p(x|z)] as the mean over the K draws, [B].</summary>
    public Tensor Reconstruction() => LogLikelihood.mean(new long[] { 0 });

    /// <summary>KL(q(z|x)‖p(z)): in closed form where there is one, else by the K draws, [B].</summary>
    public Tensor Kl() =>
        Prior.ClosedFormKl(Posterior)?.sum(-1)
        ?? (LogPosterior() - LogPrior()).mean(new long[] { 0 });

    /// <summary>
    /// KL from the prior's marginal for each latent dimension, [B, D]. Its sum is the KL where the prior is a product of its marginals.
    /// </summary>
    public Tensor KlPerDimension() =>
        Prior.ClosedFormKl(Posterior)
        ?? (Posterior.LogMarginals(Latents) - Prior.LogMarginals(Latents)).mean(new long[] { 0 });

    /// <summary>log p(z), [K, B].</summary>
    public Tensor LogPrior() => Prior.LogProbability(Latents);

    /// <summary>log q(z|x), [K, B].</summary>
    public Tensor LogPosterior() => Posterior.LogProbability(Latents);

    /// <summary>log p(x|z) + log p(z) − log q(z|x), the logarithms of the importance weights, [K, B].</summary>
    public Tensor LogWeights() => LogLikelihood + LogPrior() - LogPosterior();
}

/// <summary>How the terms of a bound are to be computed. The default is the plain reparameterized estimator.</summary>
public sealed record TermsRequest
{
    /// <summary>The latents are the posterior's means and no draws, as in a deterministic autoencoder.</summary>
    public bool PosteriorMeans { get; init; }

    /// <summary>The posterior's parameters carry no gradient into log q(z|x); only the path through z remains.</summary>
    public bool StopPosteriorGradient { get; init; }

    /// <summary>
    /// Factors [K, B] on the gradient that flows from the terms into the draws z (and so into the encoder); the values do not change.
    /// </summary>
    public Tensor? LatentGradientScale { get; init; }
}
