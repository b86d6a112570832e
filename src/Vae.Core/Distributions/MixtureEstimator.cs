namespace Vae.Core.Distributions;

/// <summary>
/// Fits mixtures of Gaussians with diagonal covariance to points by expectation maximization (Dempster, Laird and Rubin 1977) in float64,
/// from starting points by k-means++ (Arthur and Vassilvitskii 2007) and a few rounds of k-means.
/// </summary>
internal sealed record MixtureEstimator
{
    private const int ClusterRounds = 10;
    private const double LeastCount = 1e-6;       // points; keeps the logarithm of an empty component's weight finite
    private const double LeastVariance = 1e-12;   // where all points agree in a dimension
    private const int MostRounds = 200;
    private const double Tolerance = 1e-5;        // it ends when a round gains less, in nats per point

    /// <summary>Where the starting points are drawn from.</summary>
    public required RandomStream Stream { get; init; }

    /// <summary>No variance falls below this fraction of the points' own there, or a component would shrink onto one point.</summary>
    public double VarianceFloor { get; init; } = 1e-3;

    /// <summary>Told the mean log-likelihood of the points before each round, in nats per point.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Fits a mixture.</summary>
    /// <param name="points">[N, D], N at least the number of components.</param>
    /// <param name="components">C.</param>
    /// <returns>A mixture in float64, of the caller's dispose scope.</returns>
    public GaussianMixtureDensity Fit(Tensor points, int components)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, points.shape[0]);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = points.to_type(ScalarType.Float64);
        Tensor centred = rows - rows.mean([0L]);
        Tensor floor = (centred.square().mean([0L]) * VarianceFloor).clamp_min(LeastVariance); // [D]
        GaussianMixtureDensity mixture = Maximize(rows, Clusters(rows, Seeds(rows, components)), floor);
        double before = double.NegativeInfinity;
        for (int round = 0; round < MostRounds; round++)
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor joint = mixture.JointLogProbability(rows);                   // [N, C]
            Tensor evidence = joint.logsumexp(1, keepdim: true);                // [N, 1]
            double likelihood = evidence.mean().ToDouble();
            Progress?.Invoke(likelihood);
            if (likelihood - before < Tolerance)
            {
                break;
            }

            before = likelihood;
            mixture = MoveOut(Maximize(rows, (joint - evidence).exp(), floor));
        }

        return MoveOut(mixture);
    }

    // The mixture that makes the points most likely under the responsibilities, [N, C].
    private static GaussianMixtureDensity Maximize(Tensor rows, Tensor responsibilities, Tensor floor)
    {
        Tensor counts = responsibilities.sum(0L).clamp_min(LeastCount);                        // [C]
        Tensor shares = (responsibilities / counts).t();                                      // [C, N]
        Tensor means = shares.matmul(rows);                                                   // [C, D]
        Tensor variances = shares.matmul(rows.square()) - means.square();                     // [C, D]
        return new GaussianMixtureDensity((counts / counts.sum()).log(), means, variances.maximum(floor).log());
    }

    // k-means++: each further point is drawn with a chance in proportion to its squared distance from the nearest drawn before. [C, D]
    private Tensor Seeds(Tensor rows, int components)
    {
        RandomSequence sequence = Stream.Sequence(0, 0);
        long count = rows.shape[0];
        List<long> chosen = [sequence.NextBelow((int)count)];
        Tensor nearest = full([count], double.PositiveInfinity, ScalarType.Float64, rows.device); // [N]
        while (chosen.Count < components)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor distances = (rows - rows.narrow(0, chosen[^1], 1)).square().sum(-1);
            nearest = nearest.minimum(distances).MoveToOuterDisposeScope();
            Tensor cumulative = nearest.cumsum(0);
            double drawn = sequence.NextDouble() * cumulative[count - 1].ToDouble();
            chosen.Add(Math.Min(cumulative.le(drawn).sum().ToInt64(), count - 1)); // rounding may lead one past the end
        }

        return rows.index_select(0, tensor(chosen.ToArray()).to(rows.device));
    }

    // A few rounds of k-means. Which point is in which cluster, [N, C] of 0 and 1.
    private static Tensor Clusters(Tensor rows, Tensor centres)
    {
        Tensor assignment = Nearest(rows, centres);
        for (int round = 0; round < ClusterRounds; round++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor counts = assignment.sum(0L).unsqueeze(-1);                                                       // [C, 1]
            Tensor means = assignment.t().matmul(rows) / counts.clamp_min(1);                                      // [C, D]
            centres = means.where(counts.gt(0).expand_as(means), centres).MoveToOuterDisposeScope();               // an empty cluster stays
            assignment.Dispose();
            assignment = Nearest(rows, centres).MoveToOuterDisposeScope();
        }

        return assignment;
    }

    private static Tensor Nearest(Tensor rows, Tensor centres)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor distances = centres.square().sum(-1) - (2 * rows.matmul(centres.t())); // but for what all centres have in common, [N, C]
        return nn.functional.one_hot(distances.argmin(1), centres.shape[0]).to_type(ScalarType.Float64).MoveToOuterDisposeScope();
    }

    private static GaussianMixtureDensity MoveOut(GaussianMixtureDensity mixture) => new(
        mixture.LogWeights.MoveToOuterDisposeScope(),
        mixture.Means.MoveToOuterDisposeScope(),
        mixture.LogVariances.MoveToOuterDisposeScope());
}
