using System.Numerics.Tensors;

namespace Vae.Core.Evaluation;

/// <summary>
/// The importance-weighted bounds L_k of one image for k = 1, 10, 100, … and K, all from one stream of K log-weights. L_k is the mean over
/// the disjoint blocks of k weights in the stream, so that every weight counts at every k. Where each k divides the next, the bounds rise
/// with k for certain and not only in expectation: each is the mean of a concave function's values (Burda et al. 2015, theorem 1).
/// </summary>
/// <param name="rungs">From <see cref="RungsTo"/>.</param>
internal sealed class BoundLadder(int[] rungs)
{
    private readonly LogMeanExp[] _open = [.. rungs.Select(_ => new LogMeanExp())]; // the unfinished block of each rung but the first
    private readonly double[] _bounds = new double[rungs.Length];                   // sums over finished blocks
    private readonly double[] _effective = new double[rungs.Length];
    private readonly int[] _finished = new int[rungs.Length];
    private readonly double[] _logWeights = new double[rungs[^1]];                  // [K]
    private int _added;

    /// <summary>1, 10, 100, … below K, and K.</summary>
    public static int[] RungsTo(int samples)
    {
        List<int> below = [];
        for (long k = 1; k < samples; k *= 10)
        {
            below.Add((int)k);
        }

        return [.. below, samples];
    }

    /// <summary>Adds one weight's logarithm.</summary>
    public void Add(double logWeight)
    {
        _logWeights[_added++] = logWeight;

        // The first rung is one weight, its bound the logarithm itself.
        _bounds[0] += logWeight;
        _effective[0]++;
        _finished[0]++;
        if (rungs.Length > 1)
        {
            _open[1].Add(logWeight);
        }

        for (int rung = 1; rung < rungs.Length && _open[rung].Count == rungs[rung]; rung++)
        {
            Close(rung);
        }
    }

    /// <summary>Ends the stream after its K weights.</summary>
    public void Complete()
    {
        for (int rung = 1; rung < rungs.Length - 1; rung++)
        {
            _open[rung + 1].Merge(_open[rung]); // blocks that K does not fill count at K alone
            _open[rung] = new LogMeanExp();
        }

        if (rungs.Length > 1 && _open[^1].Count > 0)
        {
            Close(rungs.Length - 1);
        }
    }

    /// <summary>L_k at a rung, in nats.</summary>
    public double Bound(int rung) => _bounds[rung] / _finished[rung];

    /// <summary>The mean effective sample size of a rung's blocks, between 1 and k.</summary>
    public double EffectiveSampleSize(int rung) => _effective[rung] / _finished[rung];

    /// <summary>
    /// The variance of L_K from seed to seed, in nats², by the jackknife: Σ (θ_i − θ̄)² over the bounds θ_i without weight i. Whatever the
    /// weights' distribution, its expectation is at least the variance of the bound by K − 1 weights (Efron and Stein 1981); the delta
    /// method, 1/ESS − 1/K, is too low where a few weights have most of the sum. Null for one weight, and where all weights but one are
    /// zero.
    /// </summary>
    public double? Variance()
    {
        int largest = TensorPrimitives.IndexOfMax<double>(_logWeights);
        LogMeanExp others = new();
        for (int i = 0; i < _logWeights.Length; i++)
        {
            if (i != largest)
            {
                others.Add(_logWeights[i]);
            }
        }

        // Sums in units of the largest weight. Its own is not gained by subtraction, of which nothing might be left.
        double logRest = others.Value + Math.Log(others.Count) - _logWeights[largest];
        double sum = 1 + Math.Exp(logRest);
        double[] without = Array.ConvertAll(_logWeights, logWeight => Math.Log(sum - Math.Exp(logWeight - _logWeights[largest])));
        without[largest] = logRest;
        double pairs = without.Length * (without.Length - 1.0);
        return Estimate.Of(without).StandardError is { } error && double.IsFinite(error) ? pairs * error * error : null;
    }

    private void Close(int rung)
    {
        _bounds[rung] += _open[rung].Value;
        _effective[rung] += _open[rung].EffectiveSampleSize;
        _finished[rung]++;
        if (rung < rungs.Length - 1)
        {
            _open[rung + 1].Merge(_open[rung]);
        }

        _open[rung] = new LogMeanExp();
    }
}
