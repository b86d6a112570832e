namespace Vae.Core.Tests.Support;

/// <summary>A clock that goes on only when it is told to.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private TimeSpan _now;

    /// <summary>How much time passes each time somebody looks.</summary>
    public TimeSpan ByItself { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (_now += ByItself).Ticks;

    /// <summary>Lets time pass.</summary>
    public void Advance(double seconds) => _now += TimeSpan.FromSeconds(seconds);
}
