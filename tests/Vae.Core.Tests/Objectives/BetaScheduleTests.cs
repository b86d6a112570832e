namespace Vae.Core.Tests.Objectives;

public class BetaScheduleTests
{
    [Fact]
    public void Without_warm_up_the_weight_is_constant()
    {
        ElboObjective schedule = new() { Beta = 4 };

        Assert.All([0L, 1L, 1_000_000L], step => Assert.Equal(4, schedule.BetaAt(step, 1)));
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(25, 0.5)]
    [InlineData(50, 1.0)]
    [InlineData(99, 1.98)]
    [InlineData(100, 2.0)]
    [InlineData(5000, 2.0)]
    public void A_warm_up_rises_linearly_from_zero(long step, double expected) =>
        Assert.Equal(expected, new ElboObjective { Beta = 2, WarmupEpochs = 100 }.BetaAt(step, 1), 12);

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(2, 1.0)]
    [InlineData(4, 2.0)]
    [InlineData(9, 2.0)]
    [InlineData(10, 0.0)]
    [InlineData(12, 1.0)]
    [InlineData(1_000_000_004, 2.0)]
    public void In_cycles_the_warm_up_begins_again(long step, double expected) =>
        Assert.Equal(expected, new ElboObjective { Beta = 2, WarmupEpochs = 4, CycleEpochs = 10 }.BetaAt(step, 1), 12);

    [Fact]
    public void A_cycle_of_nothing_but_warm_up_never_reaches_its_end()
    {
        ElboObjective schedule = new() { WarmupEpochs = 4, CycleEpochs = 4 };

        Assert.Equal([0, 0.25, 0.5, 0.75, 0, 0.25], Enumerable.Range(0, 6).Select(step => schedule.BetaAt(step, 1)));
    }
}
