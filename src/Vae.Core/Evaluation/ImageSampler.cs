namespace Vae.Core.Evaluation;

/// <summary>Gathers the importance samples of a few images, chunk by chunk. What it keeps does not grow with their number.</summary>
/// <param name="images">B.</param>
/// <param name="samples">K.</param>
/// <param name="setSize">N, how many images the set has of which these are some.</param>
internal sealed class ImageSampler(int images, int samples, int setSize)
{
    // Draws of a set that make a KL for each dimension sure to about 0.002 nats. Marginals of a large mixture cost more than decoding.
    private const int MarginalDraws = 200_000;

    private readonly BoundLadder[] _ladders =
        [.. Enumerable.Repeat(BoundLadder.RungsTo(samples), images).Select(rungs => new BoundLadder(rungs))];

    private readonly double[] _reconstruction = new double[images]; // sums over samples, [B]
    private readonly double[] _kl = new double[images];             // the same of log q(z|x) − log p(z), [B]
    private readonly int _marginalSamples = Math.Min(samples, (MarginalDraws + setSize - 1) / setSize);
    private double[]? _closedFormKl;           // [B, D]
    private double[]? _klPerDimension;         // sums over the first so many samples and images, [D]; null where there are no marginals
    private double[][] _figures = [];          // sums over images
    private int _added;

    /// <summary>Adds a chunk of samples, terms over [K', B].</summary>
    public void Add(Terms terms)
    {
        if (_added == 0)
        {
            _closedFormKl = terms.ClosedFormKl() is { } kl ? TensorMemory.Doubles(kl) : null;
            _figures = [.. terms.FigureSums.Select(TensorMemory.Doubles)];
        }

        double[] logLikelihood = TensorMemory.Doubles(terms.LogLikelihood); // [K', B]
        double[] logPrior = TensorMemory.Doubles(terms.LogPrior());         // [K', B]
        double[] logPosterior = TensorMemory.Doubles(terms.LogPosterior()); // [K', B]
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

    /// <summary>Hands over the figures of the images from a number in the set on, once all samples are there.</summary>
    public void WriteTo(ScoreTable scores, int start)
    {
        for (int image = 0; image < _ladders.Length; image++)
        {
            _ladders[image].Complete();
            double kl = _kl[image] / samples;
            if (_closedFormKl is not null)
            {
                int latent = _closedFormKl.Length / _ladders.Length;
                kl = _closedFormKl.AsSpan(image * latent, latent).ToArray().Sum();
            }

            scores.Set(start + image, _reconstruction[image] / samples, kl, _ladders[image]);
        }

        scores.SetSums(start, _closedFormKl ?? Array.ConvertAll(_klPerDimension ?? [], sum => sum / _marginalSamples), _figures);
    }

    // By the first samples of a chunk, none where count is not above 0.
    private void AddKlPerDimension(Terms terms, int count)
    {
        if (_closedFormKl is not null || count <= 0 || terms.KlPerDimension(count) is not { } perDimension)
        {
            return;
        }

        double[] sums = TensorMemory.Doubles(perDimension.sum(0L)); // [D], each a mean over the samples
        _klPerDimension ??= new double[sums.Length];
        for (int d = 0; d < sums.Length; d++)
        {
            _klPerDimension[d] += sums[d] * count;
        }
    }
}
