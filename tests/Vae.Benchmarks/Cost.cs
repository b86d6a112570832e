using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>What a piece of work took.</summary>
/// <param name="Wall">Seconds on the clock; on a busy machine also the time others had the processor.</param>
/// <param name="Processor">Seconds of processor, over all threads of this process.</param>
internal readonly record struct Cost(double Wall, double Processor)
{
    public static Cost Of(Action work)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        work();
        double wall = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return new Cost(wall, (process.TotalProcessorTime - before).TotalSeconds);
    }

    public static Cost operator *(Cost cost, double factor) => new(cost.Wall * factor, cost.Processor * factor);
}
