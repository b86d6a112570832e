using Vae.Core.Objectives;

namespace Vae.Core.Tests.Objectives;

public class BetaScheduleTests
{
    [Fact]
    public void Without_warm_up_the_weight_is_constant()
    {
        BetaSchedule schedule = new(4, 0);

        Assert.All([0L, 1L, 1_000_000L], step => Assert.Equal(4, schedule.At(step)));
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(25, 0.5)]
    [InlineData(50, 1.0)]
    [InlineData(99, 1.98)]
    [InlineData(100, 2.0)]
    [InlineData(5000, 2.0)]
    public void A_warm_up_rises_linearly_from_zero(long step, double expected) =>
        Assert.Equal(expected, new BetaSchedule(2, 100).At(step), 12);
}
