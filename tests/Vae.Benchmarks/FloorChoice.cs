using System.Diagnostics;
using Vae.Core.Configuration;
using Vae.Core.Data;

namespace Vae.Benchmarks;

/// <summary>The floor at its fastest arrangement, and what was tried to find it.</summary>
internal sealed record FloorChoice(StepFloor Best, IReadOnlyDictionary<string, double> Tried) : IDisposable
{
    private const int Trials = 5;

    /// <summary>Null where the model has layers that are no matrix products.</summary>
    public static FloorChoice? Find(VaeConfiguration configuration, ImageShape shape, double secondsPerTurn)
    {
        int draws = configuration.Objective is IwaeObjectiveConfiguration iwae ? iwae.Samples : 1;
        if (DenseLayer.Of(configuration.Model, shape.PixelCount, configuration.Train.BatchSize, draws) is not { } layers)
        {
            return null;
        }

        Dictionary<string, double> tried = [];
        StepFloor? best = null;
        foreach (StepFloor floor in StepFloor.Arrangements(layers, Environment.ProcessorCount))
        {
            double seconds = Seconds(floor, Math.Min(secondsPerTurn, 0.5) / Trials);
            if (best is null || seconds < tried[best.Name])
            {
                best?.Dispose();
                best = floor;
            }
            else
            {
                floor.Dispose();
            }

            tried[floor.Name] = seconds;
        }

        return new FloorChoice(best!, tried);
    }

    public void Dispose() => Best.Dispose();

    private static double Seconds(StepFloor floor, double secondsPerTrial)
    {
        floor.Run(1);
        double once = Time(floor, 1);
        int steps = Math.Max(1, (int)(secondsPerTrial / once));
        return Enumerable.Range(0, Trials).Min(_ => Time(floor, steps) / steps);
    }

    private static double Time(StepFloor floor, int steps)
    {
        Stopwatch watch = Stopwatch.StartNew();
        floor.Run(steps);
        return watch.Elapsed.TotalSeconds;
    }
}
