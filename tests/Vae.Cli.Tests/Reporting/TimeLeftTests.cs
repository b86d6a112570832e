namespace Vae.Cli.Tests.Reporting;

public class TimeLeftTests
{
    [Fact]
    public void The_rest_takes_its_share_of_the_time_so_far()
    {
        ManualClock clock = new ManualClock();
        TimeLeft left = new TimeLeft(clock, totalSteps: 1_000);
        Assert.Null(left.After(100));
        clock.Seconds = 10;
        Assert.Equal(TimeSpan.FromSeconds(80), left.After(200));
        clock.Seconds = 20;
        Assert.Equal(TimeSpan.FromSeconds(70), left.After(300));
        Assert.Equal(TimeSpan.Zero, left.After(1_000));
    }

    [Fact]
    public void Steps_of_an_earlier_session_do_not_count()
    {
        ManualClock clock = new ManualClock();
        TimeLeft left = new TimeLeft(clock, totalSteps: 1_000);
        Assert.Null(left.After(900));
        clock.Seconds = 10;
        Assert.Equal(TimeSpan.FromSeconds(90), left.After(910));
    }

    [Fact]
    public void Without_a_step_nothing_can_be_said()
    {
        TimeLeft left = new TimeLeft(new ManualClock(), totalSteps: 10);
        Assert.Null(left.After(0));
        Assert.Null(left.After(0));
    }

    private sealed class ManualClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
