namespace Vae.Core.Tests.Training;

public class FirstSecondsTests
{
    private readonly SteppedClock _clock = new();
    private readonly FirstSeconds _first;

    public FirstSecondsTests() => _first = new(new ThreadTrials([(1, 0.010), (2, 0.006), (4, 0.004)]), _clock);

    [Fact]
    public void Steps_slower_than_fewer_threads_promised_are_found_after_two_seconds()
    {
        Assert.Null(Run(workers: 4, stepTime: 0.008, steps: 250)); // the first is not timed
        Assert.Equal(new SlowStart(0.008, 2, 0.006), After(workers: 4, stepTime: 0.008));
    }

    [Fact]
    public void Steps_as_fast_as_promised_or_nearly_go_on_and_are_watched_no_longer()
    {
        Assert.Null(Run(workers: 4, stepTime: 0.0055, steps: 400));
        Assert.Null(Run(workers: 4, stepTime: 1, steps: 100));
    }

    [Fact]
    public void After_starting_over_the_fewer_threads_are_watched_in_their_turn()
    {
        Assert.Equal(2, Run(workers: 4, stepTime: 0.020, steps: 1000)!.FewerWorkers);
        Assert.Equal(1, Run(workers: 2, stepTime: 0.020, steps: 1000)!.FewerWorkers);
        Assert.Null(Run(workers: 1, stepTime: 0.020, steps: 1000));
    }

    [Fact]
    public void The_first_step_which_takes_memory_is_not_counted()
    {
        Assert.Null(After(workers: 4, stepTime: 10));
        Assert.Null(Run(workers: 4, stepTime: 0.004, steps: 1000));
    }

    [Fact]
    public void Two_seconds_of_less_than_three_steps_are_too_few_to_judge_by()
    {
        Assert.Null(Run(workers: 4, stepTime: 5, steps: 3));
        Assert.NotNull(After(workers: 4, stepTime: 5));
    }

    [Theory]
    [InlineData(20, null)]  // 0.16 s
    [InlineData(30, 2)]
    public void Where_something_is_written_earlier_that_is_when_it_is_judged_for_the_last_time(int steps, int? expected)
    {
        Assert.Null(Run(workers: 4, stepTime: 0.008, steps));
        Assert.Equal(expected, After(workers: 4, stepTime: 0.008, writes: true)?.FewerWorkers);
        if (expected is null)
        {
            Assert.Null(Run(workers: 4, stepTime: 0.008, steps: 1000));
        }
    }

    private SlowStart? Run(int workers, double stepTime, int steps) =>
        Enumerable.Range(0, steps).Select(_ => After(workers, stepTime)).FirstOrDefault(slow => slow is not null);

    private SlowStart? After(int workers, double stepTime, bool writes = false)
    {
        _clock.Advance(stepTime);
        return _first.After(workers, writes);
    }
}
