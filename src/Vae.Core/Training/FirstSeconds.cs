namespace Vae.Core.Training;

/// <summary>
/// Holds the first seconds of a run against what fewer threads promised in their trials. Trials take milliseconds, and cores that were
/// close to each other then may not be so for the run.
/// </summary>
internal sealed class FirstSeconds(ThreadTrials trials, TimeProvider clock)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);
    private const int FewestSteps = 3;

    private long _start;
    private int _steps = -1;
    private bool _isOver;

    /// <summary>
    /// After a step: the fewer threads to start over with, where that should be; null elsewhere. Once something is about to be written
    /// nothing starts over any more.
    /// </summary>
    public SlowStart? After(int workers, bool writes)
    {
        if (_isOver)
        {
            return null;
        }

        if (++_steps == 0)
        {
            _start = clock.GetTimestamp(); // the first step takes memory and wakes threads
            _isOver = writes;
            return null;
        }

        TimeSpan elapsed = clock.GetElapsedTime(_start);
        if (!writes && (elapsed < Usual || _steps < FewestSteps))
        {
            return null;
        }

        double seconds = elapsed.TotalSeconds / _steps;
        if (elapsed >= Least && _steps >= FewestSteps && trials.Fewer(workers, seconds) is { } fewer)
        {
            _steps = -1;
            return new SlowStart(seconds, fewer.Workers, fewer.Seconds);
        }

        _isOver = true;
        return null;
    }
}

/// <summary>A run whose first seconds were slower, in seconds a step, than the trial of fewer threads promised.</summary>
internal sealed record SlowStart(double Seconds, int FewerWorkers, double PromisedSeconds);
