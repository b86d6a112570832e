namespace Vae.Core.Evaluation;

/// <summary>Gathers the importance samples of a few images, chunk by chunk. What it keeps does not grow with their number.</summary>
internal sealed class ImageSampler
{
    // Draws of a whole set that make a KL for each dimension sure to about 0.002 nats. The marginals of a large mixture cost more than
    // decoding.
    private const int MarginalDraws = 200_000;

    private readonly int _samples;
    private readonly BoundLadder[] _ladders;
    private readonly double[] _reconstruction; // sums over samples, [B]
    private readonly double[] _kl;             // the same of log q(z|x) − log p(z), [B]
    private readonly int _marginalSamples;
    private double[]? _closedFormKl;           // [B, D]
    private double[]? _klPerDimension;         // sums over the first samples and over images, [D]; null where there are no marginals
    private double[][] _figures = [];          // sums over images
    private int _added;

    /// <summary>Begins with no sample.</summary>
    /// <param name="images">B.</param>
    /// <param name="samples">K.</param>
    /// <param name="setSize">N, how many images the set has of which these are some.</param>
    public ImageSampler(int images, int samples, int setSize)
    {
        _samples = samples;
        _marginalSamples = Math.Min(samples, (MarginalDraws + setSize - 1) / setSize);
        int[] rungs = BoundLadder.RungsTo(samples);
        _ladders = [.. Enumerable.Range(0, images).Select(_ => new BoundLadder(rungs))];
        _reconstruction = new double[images];
        _kl = new double[images];
    }

    /// <summary>Adds a chunk of samples.</summary>
    /// <param name="terms">Over [K', B].</param>
    public void Add(Terms terms)
    {
        if (_added == 0)
        {
            _closedFormKl = terms.ClosedFormKl() is { } kl ? Doubles(kl) : null;
            _figures = [.. terms.FigureSums.Select(Doubles)];
        }

        double[] logLikelihood = Doubles(terms.LogLikelihood); // [K', B]
        double[] logPrior = Doubles(terms.LogPrior());         // [K', B]
        double[] logPosterior = Doubles(terms.LogPosterior()); // [K', B]
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
            double kl = _kl[image] / _samples;
            if (_closedFormKl is not null)
            {
                int latent = _closedFormKl.Length / _ladders.Length;
                kl = _closedFormKl.AsSpan(image * latent, latent).ToArray().Sum();
            }

            scores.Set(start + image, _reconstruction[image] / _samples, kl, _ladders[image]);
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

        double[] sums = Doubles(perDimension.sum(0L)); // [D], each a mean over the samples
        _klPerDimension ??= new double[sums.Length];
        for (int d = 0; d < sums.Length; d++)
        {
            _klPerDimension[d] += sums[d] * count;
        }
    }

    internal static double[] Doubles(Tensor values) => values.to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
}
