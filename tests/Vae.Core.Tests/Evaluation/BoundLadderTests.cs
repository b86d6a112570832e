using Vae.Core.Evaluation;

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
