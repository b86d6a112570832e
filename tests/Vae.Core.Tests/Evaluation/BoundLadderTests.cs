namespace Vae.Core.Tests.Evaluation;

public class BoundLadderTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(7, new[] { 1, 7 })]
    [InlineData(10, new[] { 1, 10 })]
    [InlineData(5000, new[] { 1, 10, 100, 1000, 5000 })]
    [InlineData(1_000_000, new[] { 1, 10, 100, 1000, 10_000, 100_000, 1_000_000 })]
    public void The_rungs_are_the_powers_of_ten_and_the_number_of_samples(int samples, int[] expected) =>
        Assert.Equal(expected, BoundLadder.RungsTo(samples));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(128)] // the last 28 weights fill no block of 100, the last 8 none of 10
    public void Each_rung_is_the_mean_over_its_blocks(int samples)
    {
        double[] weights = Weights(samples);
        int[] rungs = BoundLadder.RungsTo(samples);
        BoundLadder ladder = Ladder(weights);
        for (int rung = 0; rung < rungs.Length; rung++)
        {
            double[][] blocks = [.. weights.Chunk(rungs[rung]).Where(block => block.Length == rungs[rung])];

            Assert.Equal(blocks.Average(block => Math.Log(block.Average(Math.Exp))), ladder.Bound(rung), 10);
            Assert.Equal(blocks.Average(Effective), ladder.EffectiveSampleSize(rung), 8);
        }
    }

    [Fact]
    public void Where_each_rung_divides_the_next_the_bounds_rise_for_certain()
    {
        BoundLadder ladder = Ladder(Weights(5000));
        double[] bounds = [.. Enumerable.Range(0, 5).Select(ladder.Bound)];

        Assert.Equal(bounds.Order(), bounds);
        Assert.True(bounds[4] > bounds[0] + 1);
    }

    [Fact]
    public void The_variance_is_the_sum_of_squares_of_the_bounds_without_one_weight()
    {
        double[] weights = Weights(128);
        double[] without = [.. weights.Select((_, left) => Math.Log(weights.Where((_, i) => i != left).Average(Math.Exp)))];
        double mean = without.Average();

        Assert.Equal(without.Sum(bound => Math.Pow(bound - mean, 2)), Ladder(weights).Variance()!.Value, 10);
    }

    [Fact]
    public void A_weight_that_has_almost_the_whole_sum_leaves_its_distance_to_the_next() =>
        Assert.Equal(1000 * 1000 * (2.0 / 3), Ladder([-3000, -2000, -1000]).Variance()!.Value, 1);

    [Fact]
    public void One_weight_alone_and_one_beside_zeros_have_no_variance()
    {
        Assert.Null(Ladder([-90]).Variance());
        Assert.Null(Ladder([-90, double.NegativeInfinity, double.NegativeInfinity]).Variance());
        Assert.Equal(0, Ladder([-90, -90, -90]).Variance()!.Value, 12);
    }

    /// <summary>Log-normal weights, and Pareto tails whose mean is known (k below 1) or not.</summary>
    [Theory]
    [InlineData("normal", 0.5, 10)]
    [InlineData("normal", 2, 10)]
    [InlineData("normal", 2, 100)]
    [InlineData("normal", 5, 100)]
    [InlineData("exponential", 0.6, 10)]
    [InlineData("exponential", 0.9, 100)]
    [InlineData("exponential", 1.5, 100)]
    public void The_variance_covers_the_spread_between_seeds_however_few_samples_are_effective(string logWeights, double scale, int samples)
    {
        const int Seeds = 8000;
        const int Images = 20; // of one evaluation
        Random random = new(7);
        BoundLadder[] ladders = [.. Enumerable.Range(0, Seeds).Select(_ => Ladder(Draws(random, logWeights, scale, samples)))];
        double[] bounds = [.. ladders.Select(ladder => ladder.Bound(BoundLadder.RungsTo(samples).Length - 1))];
        double[] variances = [.. ladders.Select(ladder => ladder.Variance()!.Value)];
        double mean = bounds.Average();
        double variance = bounds.Sum(bound => Math.Pow(bound - mean, 2)) / (Seeds - 1);

        // What Efron and Stein prove, and that it is not much too large; 8,000 seeds leave ±5 %.
        Assert.InRange(variances.Average() / variance, 0.9, 1.35);
        double covered = bounds.Chunk(Images).Zip(variances.Chunk(Images))
            .Average(set => Math.Abs(set.First.Average() - mean) <= 2 * Math.Sqrt(set.Second.Sum()) / Images ? 1.0 : 0);
        Assert.InRange(covered, 0.87, 1);
    }

    [Fact]
    public void Where_enough_samples_are_effective_the_error_covers_the_evidence_itself()
    {
        const int Seeds = 200;
        const int Images = 20;
        const int Samples = 100;
        using LinearGaussianModel pca = new();
        using DisposeScope scope = NewDisposeScope();
        Tensor images = LinearGaussianModel.Images(Images);
        double evidence = LinearGaussianModel.Evidence(images).mean().ToDouble();
        DiagonalGaussian posterior = pca.Perturbed(images, mean: 0.1, logVariance: -0.2);
        int covered = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Tensor noise = SmallModel.Normal((ulong)seed + 1, Samples, Images, LinearGaussianModel.Latent);
            Tensor logWeights = pca.Model.Terms(posterior, images, noise).LogWeights(); // [K, B]
            BoundLadder[] ladders = [.. logWeights.t().contiguous().data<double>().ToArray().Chunk(Samples).Select(Ladder)];
            double error = Math.Sqrt(ladders.Sum(ladder => ladder.Variance()!.Value)) / Images;
            covered += Math.Abs(ladders.Average(ladder => ladder.Bound(2)) - evidence) <= 2 * error ? 1 : 0;
        }

        Assert.InRange(covered, 0.9 * Seeds, 0.99 * Seeds); // 95 % of a normal spread
    }

    private static double[] Draws(Random random, string kind, double scale, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => scale * (kind == "exponential"
            ? -Math.Log(1 - random.NextDouble())
            : Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))),
    ];

    private static BoundLadder Ladder(double[] weights)
    {
        BoundLadder ladder = new(BoundLadder.RungsTo(weights.Length));
        foreach (double weight in weights)
        {
            ladder.Add(weight);
        }

        ladder.Complete();
        return ladder;
    }

    private static double[] Weights(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => -90 + (8 * random.NextDouble()))];
    }

    private static double Effective(double[] logWeights)
    {
        double[] weights = [.. logWeights.Select(x => Math.Exp(x - logWeights.Max()))];
        return Math.Pow(weights.Sum(), 2) / weights.Sum(w => w * w);
    }
}
