using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>The floor at its fastest arrangement, and what was tried to find it.</summary>
internal sealed record FloorChoice(IStepFloor Best, IReadOnlyDictionary<string, double> Tried) : IDisposable
{
    private const int Trials = 5;

    /// <summary>Tries every arrangement of a configuration's layers.</summary>
    /// <exception cref="NotSupportedException">The model has layers that no floor is made of.</exception>
    public static FloorChoice Find(VaeConfiguration configuration, ImageShape shape, double secondsPerTurn)
    {
        int batch = configuration.Train.BatchSize;
        int draws = configuration.Objective is IwaeObjective iwae ? iwae.Samples : 1;
        GaussianVaeConfiguration model = (GaussianVaeConfiguration)configuration.Model;
        IEnumerable<IStepFloor> arrangements = DenseLayer.Of(model, shape.PixelCount, batch, draws) is { } layers
            ? StepFloor.Arrangements(layers, Environment.ProcessorCount)
            : ConvolutionFloor.Arrangements(model, shape, batch, Environment.ProcessorCount);
        Dictionary<string, double> tried = [];
        IStepFloor? best = null;
        foreach (IStepFloor floor in arrangements)
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

    private static double Seconds(IStepFloor floor, double secondsPerTrial)
    {
        floor.Run(1);
        double once = Time(floor, 1);
        int steps = Math.Max(1, (int)(secondsPerTrial / once));
        return Enumerable.Range(0, Trials).Min(_ => Time(floor, steps) / steps);
    }

    private static double Time(IStepFloor floor, int steps)
    {
        Stopwatch watch = Stopwatch.StartNew();
        floor.Run(steps);
        return watch.Elapsed.TotalSeconds;
    }
}
