namespace Vae.Core.Tests.Training;

public class LearningRateScheduleTests
{
    [Fact]
    public void A_constant_rate_stays() => Assert.Equal(1, new ConstantSchedule().FactorAt(1_000_000, 1000, 1, 1));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 0.5)]
    [InlineData(20, 0.5)]
    [InlineData(21, 0.25)]
    public void A_step_comes_after_so_many_whole_epochs(int epoch, double expected) =>
        Assert.Equal(expected, new StepSchedule { EveryEpochs = 10, Factor = 0.5 }.FactorAt(0, epoch, 1, 100));

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(2, 0.75)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(9, 0.55)]
    [InlineData(14, 0.1)]
    [InlineData(1000, 0.1)]
    public void A_cosine_rises_in_a_line_falls_by_half_a_wave_and_stays_at_its_end(long step, double expected) =>
        Assert.Equal(
            expected,
            new CosineSchedule { WarmupEpochs = 2, Epochs = 7, Final = 0.1 }.FactorAt(step, 1, stepsPerEpoch: 2, epochs: 100),
            12);

    [Fact]
    public void A_cosine_without_warm_up_starts_whole_and_ends_at_zero()
    {
        CosineSchedule schedule = new(); // over all epochs

        Assert.Equal(
            [1, 0.5, 0], new[] { 0L, 4, 8 }.Select(step => Math.Round(schedule.FactorAt(step, 1, stepsPerEpoch: 2, epochs: 4), 12)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(13, 2)]
    [InlineData(14, 3)]
    [InlineData(1093, 6)]
    [InlineData(1094, 7)]
    [InlineData(3280, 7)]
    [InlineData(100_000, 7)]
    public void Burdas_stages_last_three_times_as_long_as_the_one_before(int epoch, int stage) =>
        Assert.Equal(Math.Pow(10, -stage / 7.0), new BurdaSchedule().FactorAt(0, epoch, 1, 3280), 15);

    [Fact]
    public void Burdas_eight_stages_are_3280_epochs_long()
    {
        BurdaSchedule schedule = new();

        int[] lengths =
            [.. Enumerable.Range(1, 3280).GroupBy(epoch => schedule.FactorAt(0, epoch, 1, 3280)).Select(stage => stage.Count())];

        Assert.Equal([1, 3, 9, 27, 81, 243, 729, 2187], lengths);
    }

    [Fact]
    public void A_plateau_lowers_the_rate_each_time_its_patience_ends_and_an_improvement_renews_it()
    {
        PlateauSchedule plateau = new() { Patience = 2, Factor = 0.5 };
        TrainingProgress progress = new();
        List<double> factors = [];
        foreach (bool isBest in new[] { true, false, true, false, false, false, true, false, false })
        {
            progress = plateau.Observe(progress, isBest);
            factors.Add(plateau.FactorAt(progress));
        }

        Assert.Equal([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25], factors);
    }
}
