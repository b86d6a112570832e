namespace Vae.Core.Training;

/// <summary>
/// Holds the first seconds of a run against what fewer threads promised in their trials. Trials take milliseconds, and cores that were
/// close to each other then may not be so for the run.
/// </summary>
/// <param name="trials">What was promised.</param>
/// <param name="clock">Times the steps.</param>
internal sealed class FirstSeconds(ThreadTrials trials, TimeProvider clock)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);
    private const int FewestSteps = 3;

    private long _start;
    private int _steps = -1;
    private bool _isOver;

    /// <summary>After a step: the fewer threads to start over with, where that should be; null elsewhere.</summary>
    /// <param name="workers">The threads that the run has.</param>
    /// <param name="writes">Whether something is about to be written, after which nothing starts over any more.</param>
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

/// <summary>A run whose first seconds were slower than the trial of fewer threads.</summary>
/// <param name="Seconds">Seconds that a step took.</param>
/// <param name="FewerWorkers">The fewer threads.</param>
/// <param name="PromisedSeconds">Seconds that a step took in their trial.</param>
internal sealed record SlowStart(double Seconds, int FewerWorkers, double PromisedSeconds);
