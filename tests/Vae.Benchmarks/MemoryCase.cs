namespace Vae.Benchmarks;

/// <summary>
/// Whether memory stays flat over many steps: how fast the resident memory grows in one stretch of steps after the other, and the number
/// of live tensors. What leaks grows in each of them; where the runtime takes memory now and then, to compile again what is called often,
/// it is some.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Configuration">What is trained.</param>
internal sealed record MemoryCase(string Name, string Title, VaeConfiguration Configuration) : BenchmarkCase(Name, Title)
{
    private const int Steps = 10_000;
    private const int Samples = 100;
    private const int WarmUpSamples = Samples; // the runtime compiles again what is called often, and takes memory for that at odd times

    public override string? Obstacle(BenchOptions options) => options.Against is null ? null : "it measures no time";

    public override CaseResult Measure(BenchContext context)
    {
        ImageSet images = BenchmarkImages.Load(context.Options, 28, Configuration.Train.BatchSize);
        using OurStep ours = new(context.Configure(Configuration), images, context.Device);
        int steps = (int)(Steps * Math.Min(1, context.Options.RoundSeconds)) / Samples; // a short trial takes fewer
        for (int i = 0; i < WarmUpSamples; i++)
        {
            ours.Run(steps);
        }

        using ResidentMemory memory = new();
        long tensors = Tensor.TotalCount;
        double[] at = [.. Enumerable.Range(1, Samples).Select(i => (double)i * steps)];
        double[] resident = new double[Samples * context.Options.Rounds];
        for (int i = 0; i < resident.Length; i++)
        {
            ours.Run(steps);
            resident[i] = memory.Read();
        }

        return new CaseResult
        {
            Name = Name,
            Title = Title,
            Unit = "step",
            ImagesPerUnit = Configuration.Train.BatchSize,
            PeakBytes = PeakMemory.OfThisProcess(),
            Figures = new Dictionary<string, Spread>
            {
                [$"growth of resident memory over {steps * Samples:N0} steps, bytes a step"] =
                    Spread.Of(resident.Chunk(Samples).Select(ys => LeastSquares.Slope(at, ys))),
                ["resident memory, MB"] = Spread.Of(resident.Select(bytes => bytes / 1e6)),
                ["live tensors before"] = Spread.Of([tensors]),
                ["live tensors after"] = Spread.Of([Tensor.TotalCount]),
            },
        };
    }
}

/// <summary>A straight line by least squares.</summary>
internal static class LeastSquares
{
    /// <summary>How much it rises; of two points at least, not all at one place.</summary>
    public static double Slope(IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        double meanX = xs.Average();
        double meanY = ys.Average();
        return xs.Zip(ys, (x, y) => (x - meanX) * (y - meanY)).Sum() / xs.Sum(x => (x - meanX) * (x - meanX));
    }
}
