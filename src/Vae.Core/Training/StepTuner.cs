using System.Diagnostics;

namespace Vae.Core.Training;

/// <summary>What the trials of several numbers of threads gave.</summary>
/// <param name="Times">Each number, rising, with its time in seconds a step.</param>
internal sealed record ThreadTrials(IReadOnlyList<(int Workers, double Seconds)> Times)
{
    // More threads have to pay. Noise would choose otherwise, and two that gain less may soon lose: where the cores lie far apart, or come
    // to run far apart, they keep sending each other the weights that the other one has updated.
    private const double LeastGain = 1.25;

    /// <summary>The fastest; one with more threads only where it makes a quarter more steps in the same time.</summary>
    public (int Workers, double Seconds) Fastest =>
        Times.Aggregate((best, next) => next.Seconds * LeastGain <= best.Seconds ? next : best);

    /// <summary>
    /// The best number of fewer threads, where it was faster in its trial than a step of these turned out to be; null elsewhere.
    /// </summary>
    public (int Workers, double Seconds)? Fewer(int workers, double seconds)
    {
        (int Workers, double Seconds)[] fewer = [.. Times.Where(time => time.Workers < workers)];
        return fewer.Length > 0 && new ThreadTrials(fewer).Fastest is var best && best.Seconds < seconds ? best : null;
    }

    public override string ToString() => Times.Count == 1
        ? "one processor"
        : string.Join(", ", Times.Select(time => FormattableString.Invariant($"{time.Workers}: {time.Seconds * 1000:0.0} ms a step")));
}

/// <summary>
/// Finds by trial with how many threads a step is fastest here and now, also when other programs keep the machine busy. The weights, and
/// all else that a step changes, are afterwards what they were.
/// </summary>
internal sealed class StepTuner
{
    private const int Rounds = 3;
    private static readonly TimeSpan TrialTime = TimeSpan.FromMilliseconds(20);

    // One thread for a whole run costs much time where it was the start of another program, or the compiler of this one, that held the
    // others up: so that is compared again, a little later.
    private const int MostComparisons = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The numbers of threads to try, rising.</summary>
    public IReadOnlyList<int> Candidates { get; init; } = CandidatesOf(Environment.ProcessorCount);

    /// <summary>How many seconds a step on these images takes with so many threads.</summary>
    public Func<TrainStep, int[], int, double> Time { get; init; } = Measure;

    /// <summary>What the first seconds of the run are timed by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The numbers of threads worth a trial: 1, 2, 4, … and all processors.</summary>
    public static IReadOnlyList<int> CandidatesOf(int processors) =>
        [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(count => count < processors), Math.Max(1, processors)];

    /// <summary>Tries each number of threads on a batch, in turn and several times over, and leaves the step with the fastest.</summary>
    public ThreadTrials Tune(TrainStep step, nn.Module model, int[] images)
    {
        ThreadTrials trials = new([(Candidates[0], 0)]);
        if (Candidates.Count > 1)
        {
            FlatOptimizer optimizer = step.Optimizer;
            long stepCount = optimizer.StepCount;
            IEnumerable<Tensor> state = optimizer.State().Select(pair => pair.Value);
            using (new KeptTensors([optimizer.Parameters.Values.Tensor, .. model.named_buffers().Select(pair => pair.buffer), .. state]))
            {
                trials = Compare(Candidates, workers => Time(step, images, workers), () => Thread.Sleep(Pause));
            }

            optimizer.StepCount = stepCount;
        }

        step.Workers = trials.Fastest.Workers;
        return trials;
    }

    /// <summary>The shortest times of several trials in turn; where one thread is the fastest, of several times as many.</summary>
    public static ThreadTrials Compare(IReadOnlyList<int> candidates, Func<int, double> time, Action pause)
    {
        (int Workers, double Seconds)[] times = [.. candidates.Select(workers => (workers, double.PositiveInfinity))];
        for (int comparison = 1; ; comparison++)
        {
            for (int round = 0; round < Rounds; round++)
            {
                foreach (ref (int Workers, double Seconds) best in times.AsSpan())
                {
                    best.Seconds = Math.Min(best.Seconds, time(best.Workers));
                }
            }

            ThreadTrials trials = new(times);
            if (comparison == MostComparisons || trials.Fastest.Workers > candidates[0])
            {
                return trials;
            }

            pause();
        }
    }

    private static double Measure(TrainStep step, int[] images, int workers)
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

/// <summary>Tensors as they are now, to which they return, to the last bit, when this is disposed of.</summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly (Tensor Live, Tensor Copy)[] _entries;

    public KeptTensors(params IEnumerable<Tensor> live)
    {
        using DisposeScope scope = NewDisposeScope();
        _entries = [.. live.Select(tensor => (tensor, tensor.detach().clone().DetachFromDisposeScope()))];
    }

    public void Dispose()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor live, Tensor copy) in _entries)
        {
            live.copy_(copy);
            copy.Dispose();
        }
    }
}
