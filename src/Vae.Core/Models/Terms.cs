namespace Vae.Core.Models;

/// <summary>
/// The parts of the evidence lower bound, per example and in nats, before any reduction or weighting. Objectives are functions of them.
/// </summary>
internal sealed record Terms
{
    /// <summary>log p(x|z), [K, B].</summary>
    public required Tensor LogLikelihood { get; init; }

    /// <summary>The groups of latents, in the order of their sites: one of most models, several of a hierarchy.</summary>
    public required IReadOnlyList<LatentTerms> Latents { get; init; }

    /// <summary>The logarithms of the draws' weights, [K, B], where draws are a sum over values (labels, say); null for 1/K each.</summary>
    public Tensor? LogDrawWeights { get; init; }

    /// <summary>What the model adds to every loss, in nats per image, [B]; null for nothing.</summary>
    public Tensor? Penalty { get; init; }

    /// <summary>Sums over the batch for the model's own figures, in the order of <see cref="LatentModel.Figures"/>, each [n].</summary>
    public IReadOnlyList<Tensor> FigureSums { get; init; } = [];

    /// <summary>What <see cref="LatentModel.AfterStep"/> is to be given, over the whole batch, without gradients.</summary>
    public IReadOnlyList<Tensor> Statistics { get; init; } = [];

    /// <summary>E_q[log p(x|z)] by the draws, [B].</summary>
    public Tensor Reconstruction() => Mean(LogLikelihood);

    /// <summary>KL(q(z|x)‖p(z)) of all groups: in closed form where there is one, else by the draws, [B].</summary>
    public Tensor Kl() => Sum(group => group.ClosedFormKl()?.sum(-1) ?? Mean(group.LogPosterior() - group.LogPrior()));

    /// <summary>
    /// KL from the prior's marginal for each latent dimension, [B, D]; null where a group has no such marginals. Its sum is the KL where
    /// the prior is a product of its marginals.
    /// </summary>
    /// <param name="draws">How many of the draws are taken where it has no closed form; null for all.</param>
    public Tensor? KlPerDimension(long? draws = null) =>
        Join(group => group.ClosedFormKl() ?? group.LogMarginalRatio(draws ?? LogLikelihood.shape[0])?.mean([0L]));

    /// <summary>KL in closed form for each latent dimension, [B, D]; null where a group has none.</summary>
    public Tensor? ClosedFormKl() => Join(group => group.ClosedFormKl());

    /// <summary>log q(z|x) of all groups, [K, B].</summary>
    public Tensor LogPosterior() => Sum(group => group.LogPosterior());

    /// <summary>log p(z) of all groups, [K, B].</summary>
    public Tensor LogPrior() => Sum(group => group.LogPrior());

    /// <summary>log p(x|z) + log p(z) − log q(z|x), the logarithms of the importance weights, [K, B].</summary>
    public Tensor LogWeights() => LogLikelihood + LogPrior() - LogPosterior();

    /// <summary>
    /// log Σ_k π_k w_k over the importance weights w_k, with π_k = 1/K or the weights of the draws: the bound of Burda et al. 2015, [B].
    /// </summary>
    public Tensor LogMeanWeight() => LogDrawWeights is { } weights
        ? (LogWeights() + weights).logsumexp(0)
        : LogWeights().logsumexp(0) - Math.Log(LogLikelihood.shape[0]);

    // The mean over draws, [B] of [K, B].
    private Tensor Mean(Tensor values) => LogDrawWeights is { } weights ? (weights.exp() * values).sum(0L) : values.mean([0L]);

    private Tensor? Join(Func<LatentTerms, Tensor?> part)
    {
        Tensor?[] groups = [.. Latents.Select(part)]; // [B, D'] each
        return groups.Contains(null) ? null : groups.Length == 1 ? groups[0] : cat(groups.OfType<Tensor>().ToList(), -1);
    }

    private Tensor Sum(Func<LatentTerms, Tensor> part) => Latents.Skip(1).Aggregate(part(Latents[0]), (sum, group) => sum + part(group));
}

/// <summary>What the bound has of one group of latents. A family of models with another kind of latents derives its own.</summary>
internal abstract record LatentTerms
{
    /// <summary>The latents as the decoder gets them, [K, B, …].</summary>
    public required Tensor Z { get; init; }

    /// <summary>q(z|x) where it is a Gaussian with diagonal covariance, over [B, D]; else null.</summary>
    public virtual DiagonalGaussian? Posterior => null;

    /// <summary>p(z) where it is a density over vectors; else null.</summary>
    public virtual LatentDensity? Prior => null;

    /// <summary>log q(z|x), [K, B].</summary>
    public abstract Tensor LogPosterior();

    /// <summary>log p(z), [K, B].</summary>
    public abstract Tensor LogPrior();

    /// <summary>KL(q‖p) for each dimension, [B, D], where it has a closed form; else null.</summary>
    public virtual Tensor? ClosedFormKl() => null;

    /// <summary>
    /// log q(z_d|x) − log p(z_d) of the first draws and each dimension, [K', B, D], where both have marginals; else null.
    /// </summary>
    public virtual Tensor? LogMarginalRatio(long draws) => null;
}

/// <summary>Latents drawn from a Gaussian with diagonal covariance.</summary>
internal sealed record GaussianLatentTerms : LatentTerms
{
    private readonly DiagonalGaussian _posterior;
    private readonly LatentDensity _prior;

    /// <summary>Latents with what they were drawn from.</summary>
    /// <param name="posterior">q(z|x), over [B, D].</param>
    /// <param name="prior">p(z) of this moment.</param>
    public GaussianLatentTerms(DiagonalGaussian posterior, LatentDensity prior)
    {
        _posterior = posterior;
        _prior = prior;
    }

    /// <summary>
    /// ε of z = μ + σ ⊙ ε, [K, B, D], from which log q(z|x) is exact; null where z is no draw or gradients are to flow through it.
    /// </summary>
    public Tensor? Noise { get; init; }
    public override DiagonalGaussian Posterior => _posterior;

    public override LatentDensity Prior => _prior;

    public override Tensor LogPosterior() => Noise is { } noise ? _posterior.LogProbabilityOfNoise(noise) : _posterior.LogProbability(Z);

    public override Tensor LogPrior() => _prior.LogProbability(Z);

    public override Tensor? ClosedFormKl() => (_prior as IClosedFormKl)?.KlFrom(_posterior);

    public override Tensor? LogMarginalRatio(long draws)
    {
        Tensor first = Z.narrow(0, 0, draws);
        return _prior is IMarginals known ? _posterior.LogMarginals(first) - known.LogMarginals(first) : null;
    }
}
