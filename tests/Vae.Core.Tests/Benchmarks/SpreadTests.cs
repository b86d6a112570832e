using Vae.Benchmarks;

namespace Vae.Core.Tests.Benchmarks;

public class SpreadTests
{
    [Fact]
    public void The_median_is_the_middle_and_of_an_even_number_the_mean_of_the_two_in_the_middle()
    {
        Assert.Equal(new Spread(3, 1, 100), Spread.Of([100, 1, 3]));
        Assert.Equal(new Spread(2.5, 1, 100), Spread.Of([100, 1, 3, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Spread.Of([]));
    }

    [Fact]
    public void Ratios_are_taken_round_by_round_so_that_a_slow_round_of_both_sides_falls_out()
    {
        Assert.Equal(new Spread(2, 2, 2), Spread.OfRatios([2, 20, 4], [1, 10, 2]));
        Assert.Throws<ArgumentException>(() => Spread.OfRatios([1, 2], [1]));
    }

    [Fact]
    public void A_case_compares_speed_with_each_peer_and_time_with_the_floor()
    {
        CaseResult result = new CaseResult
        {
            Name = "mlp-128",
            Title = "MLP",
            Unit = "step",
            SecondsPerUnit = new Dictionary<string, double[]>
            {
                ["ours"] = [1, 2, 1],
                ["pytorch"] = [3, 4, 2],
                ["torchsharp"] = [1, 4, 3],
                ["floor"] = [0.5, 0.5, 0.5],
            },
        }.WithRatios();
        Assert.Equal(["pytorch", "torchsharp"], result.Speedups.Keys.Order());
        Assert.Equal(new Spread(2, 2, 3), result.Speedups["pytorch"]);
        Assert.Equal(new Spread(2, 1, 3), result.Speedups["torchsharp"]);
        Assert.Equal(new Spread(2, 2, 4), result.OverFloor);
    }

    [Fact]
    public void A_straight_line_has_its_slope_and_noise_about_it_does_not_move_it()
    {
        double[] xs = [1, 2, 3, 4];
        Assert.Equal(2, LeastSquares.Slope(xs, [5, 7, 9, 11]), 12);
        Assert.Equal(0.6, LeastSquares.Slope(xs, [1, 2, 2, 3]), 12); // by hand
        Assert.Equal(0, LeastSquares.Slope(xs, [3, 3, 3, 3]), 12);
    }
}
