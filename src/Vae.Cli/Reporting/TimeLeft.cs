namespace Vae.Cli.Reporting;

/// <summary>
/// Estimates the time to the end of a run from the time that its steps take, validation and checkpoints included. The first call
/// starts the clock, so that neither loading nor the steps of an earlier session count.
/// </summary>
/// <param name="clock">Where the time comes from.</param>
/// <param name="totalSteps">Steps of the whole run.</param>
internal sealed class TimeLeft(TimeProvider clock, long totalSteps)
{
    private (long Time, long Steps)? _start;

    /// <summary>The time left when so many steps of the run are done; null before there is anything to judge by.</summary>
    public TimeSpan? After(long steps)
    {
        if (_start is not { } start || steps <= start.Steps)
        {
            _start ??= (clock.GetTimestamp(), steps);
            return null;
        }

        return clock.GetElapsedTime(start.Time) * ((double)Math.Max(0, totalSteps - steps) / (steps - start.Steps));
    }
}
