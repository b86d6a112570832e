using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Vae.Core.Training;

/// <summary>
/// Finds by trial with how many threads a step is fastest here and now, also when other programs keep the machine busy. The weights, and all
/// else that a step changes, are afterwards what they were.
/// </summary>
internal static class StepTuner
{
    // More threads have to be worth it, or noise would choose.
    private const double LeastGain = 0.97;
    private const int Rounds = 3;
    private static readonly TimeSpan TrialTime = TimeSpan.FromMilliseconds(20);

    // One thread for a whole run is dear where it was the start of another program, or the compiler of this one, that held the others up: so that is
    // looked at again, a little later.
    private const int MostLooks = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The numbers of threads worth a trial: 1, 2, 4, … and all processors.</summary>
    public static IReadOnlyList<int> Candidates(int processors)
    {
        List<int> candidates = [];
        for (int count = 1; count < processors; count *= 2)
        {
            candidates.Add(count);
        }

        candidates.Add(Math.Max(1, processors));
        return candidates;
    }

    /// <summary>The fastest of several counts, in seconds a step; one with more threads must be so by a few percent.</summary>
    public static int Fastest(IReadOnlyList<(int Workers, double Seconds)> times)
    {
        (int best, double seconds) = times[0];
        foreach ((int workers, double time) in times)
        {
            if (time < seconds * (workers > best ? LeastGain : 1))
            {
                (best, seconds) = (workers, time);
            }
        }

        return best;
    }

    /// <summary>Tries each number of threads, in turn and several times over, and leaves the step with the fastest.</summary>
    /// <param name="step">The step.</param>
    /// <param name="optimizer">What it updates with.</param>
    /// <param name="model">What it updates.</param>
    /// <param name="images">A batch.</param>
    /// <param name="candidates">Numbers of threads, rising.</param>
    /// <returns>What was found, in words.</returns>
    public static string Tune(TrainStep step, ModelOptimizer optimizer, nn.Module model, int[] images, IReadOnlyList<int> candidates)
    {
        if (candidates.Count == 1)
        {
            step.Workers = candidates[0];
            return "one processor";
        }

        using ModelState before = new(model, optimizer);
        (int Workers, double Seconds)[] times = Look(candidates, workers => Time(step, images, workers), () => Thread.Sleep(Pause));
        before.Restore();
        step.Workers = Fastest(times);
        return string.Join(", ", times.Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.Workers}: {time.Seconds * 1000:0.0} ms a step")));
    }

    /// <summary>The shortest times of several trials in turn; where one thread has the better of it, of several times as many.</summary>
    /// <param name="candidates">Numbers of threads, rising.</param>
    /// <param name="time">Seconds a step with so many threads.</param>
    /// <param name="pause">Lets some time pass.</param>
    public static (int Workers, double Seconds)[] Look(IReadOnlyList<int> candidates, Func<int, double> time, Action pause)
    {
        (int Workers, double Seconds)[] times = [.. candidates.Select(workers => (workers, double.PositiveInfinity))];
        for (int look = 1; ; look++)
        {
            for (int round = 0; round < Rounds; round++)
            {
                foreach (ref (int Workers, double Seconds) best in times.AsSpan())
                {
                    best.Seconds = Math.Min(best.Seconds, time(best.Workers));
                }
            }

            if (look == MostLooks || Fastest(times) > candidates[0])
            {
                return times;
            }

            pause();
        }
    }

    private static double Time(TrainStep step, int[] images, int workers)
    {
        step.Workers = workers;
        step.Run(images, epoch: 1, step: 0).Pending?.Dispose(); // takes memory, wakes threads
        long start = Stopwatch.GetTimestamp();
        int steps = 0;
        do
        {
            step.Run(images, epoch: 1, step: 0).Pending?.Dispose();
            steps++;
        }
        while (Stopwatch.GetElapsedTime(start) < TrialTime);

        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
    }
}
