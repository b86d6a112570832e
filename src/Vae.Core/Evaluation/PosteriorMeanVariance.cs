namespace Vae.Core.Evaluation;

/// <summary>Accumulates the variance of the posterior mean over data, Var_x(E_q[z|x]), for each latent dimension, in float64.</summary>
internal sealed class PosteriorMeanVariance(int latent)
{
    private readonly double[] _mean = new double[latent];
    private readonly double[] _squares = new double[latent]; // sums of squared deviations from the running mean
    private long _count;

    /// <summary>Adds a batch of posterior means, [B, D], by the pairwise update of Chan, Golub and LeVeque 1979.</summary>
    public void Add(Tensor means)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = means.to_type(ScalarType.Float64).cpu();
        long added = values.shape[0];
        double[] mean = values.mean(new long[] { 0 }).data<double>().ToArray();                       // [D]
        double[] squares = values.var(0, unbiased: false).mul(added).data<double>().ToArray();        // [D]
        long total = _count + added;
        for (int d = 0; d < latent; d++)
        {
            double shift = mean[d] - _mean[d];
            _mean[d] += shift * added / total;
            _squares[d] += squares[d] + (shift * shift * _count * added / total);
        }

        _count = total;
    }

    /// <summary>How many dimensions vary by more than the threshold; null for fewer than two images.</summary>
    public int? CountAbove(double threshold) => _count < 2 ? null : _squares.Count(sum => sum / _count > threshold);
}
