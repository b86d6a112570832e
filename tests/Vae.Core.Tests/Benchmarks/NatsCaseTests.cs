using Vae.Benchmarks;

namespace Vae.Core.Tests.Benchmarks;

public class NatsCaseTests
{
    private static readonly NatsCase Case = new(
        "nats-90", "a training", new VaeConfiguration { Data = new DataConfiguration { Source = new MnistSource() } }, Target: 90);

    [Fact]
    public void Sides_take_turns_epoch_by_epoch_and_one_that_is_there_waits()
    {
        List<string> turns = [];
        Func<EpochPoint> Side(string name, params double[] nats)
        {
            int epoch = 0;
            return () =>
            {
                turns.Add(name);
                return new EpochPoint(1, nats[epoch++]);
            };
        }

        EpochPoint[][] curves = NatsCase.TakeTurns([Side("a", 120, 90), Side("b", 150, 100, 95, 89)], target: 90, most: 10);

        Assert.Equal(["a", "b", "a", "b", "b", "b"], turns);
        Assert.Equal([2, 4], curves.Select(curve => curve.Length));
        Assert.Equal(3, NatsCase.TakeTurns([Side("c", 100, 99, 98, 97)], target: 90, most: 3)[0].Length);
    }

    [Fact]
    public void The_ratio_is_that_of_the_times_to_the_target()
    {
        CaseResult result = Case.Summarize(new Dictionary<string, EpochPoint[]>
        {
            ["ours"] = [new(3, 100), new(2, 89.5)],
            ["pytorch"] = [new(4, 101), new(4, 91), new(7, 90)],
        });

        Assert.Equal([5.0], result.SecondsPerUnit["ours"]);
        Assert.Equal(new Spread(3, 3, 3), result.Speedups["pytorch"]);
        Assert.Equal(3, result.Figures!["PyTorch: epochs"].Median);
        Assert.Equal(89.5, result.Figures["vae: −ELBO of the validation images then, nats"].Median);
        Assert.Contains("90 nats", result.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ours")]
    [InlineData("pytorch")]
    public void A_side_that_never_gets_there_gives_no_ratio_and_says_how_far_it_came(string slow)
    {
        CaseResult result = Case.Summarize(new[] { "ours", "pytorch" }.ToDictionary(side => side, side =>
            side == slow ? [new EpochPoint(1, 95), new EpochPoint(1, 92.5), new EpochPoint(1, 93)] : new[] { new EpochPoint(1, 88) }));

        Assert.Empty(result.Speedups);
        Assert.Contains($"{slow} did not get there in 3 epochs: 92.50 nats at best", result.Note, StringComparison.Ordinal);
        Assert.DoesNotContain(slow, result.SecondsPerUnit.Keys);
    }

    [Fact]
    public void It_is_left_out_without_the_images_of_MNIST()
    {
        Assert.Contains("--data", Case.Obstacle(new BenchOptions()), StringComparison.Ordinal);
        Assert.Null(Case.Obstacle(new BenchOptions { Data = "mnist" }));
        Assert.All(Cases.All.Where(one => one is not NatsCase), one => Assert.Null(one.Obstacle(new BenchOptions())));
    }
}
