using Vae.Core.Distributions;
using Vae.Core.Models;

namespace Vae.Core.Evaluation;

/// <summary>Gathers the importance samples of a few images, chunk by chunk. What it keeps does not grow with their number.</summary>
internal sealed class ImageSampler
{
    // Draws of a whole set that make a KL for each dimension sure to about 0.002 nats. The marginals of a large mixture cost more than decoding.
    private const int MarginalDraws = 200_000;
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly int _samples;
    private readonly BoundLadder[] _ladders;
    private readonly double[] _reconstruction; // sums over samples, [B]
    private readonly double[] _kl;             // the same of log q(z|x) − log p(z), [B]
    private readonly int _marginalSamples;
    private readonly double[] _klPerDimension; // sums over the first so many samples and over images, [D]
    private readonly double[]? _closedFormKl;  // [B, D]
    private readonly Tensor _logNormalizer;    // Σ log σ² + D log 2π, [B]
    private int _added;

    /// <summary>Begins with no sample.</summary>
    /// <param name="posterior">q(z|x), [B, D].</param>
    /// <param name="prior">p(z).</param>
    /// <param name="samples">K.</param>
    /// <param name="setSize">N, how many images the set has of which these are some.</param>
    public ImageSampler(DiagonalGaussian posterior, LatentDensity prior, int samples, int setSize)
    {
        Posterior = posterior;
        _samples = samples;
        _marginalSamples = Math.Min(samples, (MarginalDraws + setSize - 1) / setSize);
        int images = (int)posterior.Mean.shape[0];
        int latent = (int)posterior.Mean.shape[1];
        int[] rungs = BoundLadder.RungsTo(samples);
        _ladders = [.. Enumerable.Range(0, images).Select(_ => new BoundLadder(rungs))];
        _reconstruction = new double[images];
        _kl = new double[images];
        _klPerDimension = new double[latent];
        _closedFormKl = prior.ClosedFormKl(posterior) is { } kl ? Doubles(kl) : null;
        _logNormalizer = posterior.LogVariance.sum(-1) + (latent * LogTwoPi);
    }

    /// <summary>q(z|x), [B, D].</summary>
    public DiagonalGaussian Posterior { get; }

    /// <summary>Adds a chunk of samples.</summary>
    /// <param name="terms">Over [K', B].</param>
    /// <param name="epsilon">The noise they were drawn with, [K', B, D].</param>
    public void Add(ElboTerms terms, Tensor epsilon)
    {
        double[] logLikelihood = Doubles(terms.LogLikelihood);                                           // [K', B]
        double[] logPrior = Doubles(terms.LogPrior());                                                   // [K', B]
        double[] logPosterior = Doubles(-0.5 * (epsilon.square().sum(-1) + _logNormalizer));             // [K', B]
        int images = _ladders.Length;
        for (int row = 0; row < logLikelihood.Length; row++)
        {
            int image = row % images;
            double kl = logPosterior[row] - logPrior[row];
            _reconstruction[image] += logLikelihood[row];
            _kl[image] += kl;
            _ladders[image].Add(logLikelihood[row] - kl);
        }

        int chunk = logLikelihood.Length / images;
        AddKlPerDimension(terms, Math.Min(chunk, _marginalSamples - _added));
        _added += chunk;
    }

    /// <summary>Hands over the figures once all samples are there.</summary>
    /// <param name="scores">Where to.</param>
    /// <param name="start">The first image's number in the set.</param>
    public void WriteTo(ScoreTable scores, int start)
    {
        for (int image = 0; image < _ladders.Length; image++)
        {
            _ladders[image].Complete();
            int latent = _klPerDimension.Length;
            double kl = _closedFormKl is null
                ? _kl[image] / _samples
                : _closedFormKl.AsSpan(image * latent, latent).ToArray().Sum();
            scores.Set(start + image, _reconstruction[image] / _samples, kl, _ladders[image]);
        }

        scores.SetKlPerDimension(start, _closedFormKl ?? Array.ConvertAll(_klPerDimension, sum => sum / _marginalSamples));
    }

    // By the first samples of a chunk, none where count is not above 0.
    private void AddKlPerDimension(ElboTerms terms, int count)
    {
        if (_closedFormKl is not null || count <= 0)
        {
            return;
        }

        ElboTerms first = terms with { Latents = terms.Latents.narrow(0, 0, count) };
        double[] sums = Doubles(first.KlPerDimension().sum(0L)); // [D], each a mean over the samples
        for (int d = 0; d < sums.Length; d++)
        {
            _klPerDimension[d] += sums[d] * count;
        }
    }

    private static double[] Doubles(Tensor values) => values.to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
}
