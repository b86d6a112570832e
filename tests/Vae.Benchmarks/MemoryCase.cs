using Vae.Core.Configuration;
using Vae.Core.Data;
using static TorchSharp.torch;

namespace Vae.Benchmarks;

/// <summary>Whether memory stays flat over many steps: the slope of the resident memory with its error, and the number of live tensors.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Configuration">What is trained.</param>
internal sealed record MemoryCase(string Name, string Title, VaeConfiguration Configuration) : BenchmarkCase(Name, Title)
{
    private const int Steps = 10_000;
    private const int Samples = 100;
    private const int WarmUpSamples = Samples; // the runtime compiles again what is called often, and takes memory for that at odd times

    public override CaseResult Measure(BenchContext context)
    {
        ImageSet images = BenchmarkImages.Load(context.Options, 28, Configuration.Train.BatchSize);
        using OurStep ours = OurStep.Fastest(context.Configure(Configuration), images, context.Device);
        int steps = (int)(Steps * Math.Min(1, context.Options.RoundSeconds)) / Samples; // a short trial takes fewer
        for (int i = 0; i < WarmUpSamples; i++)
        {
            ours.Run(steps);
        }

        using ResidentMemory memory = new();
        long tensors = Tensor.TotalCount;
        double[] at = new double[Samples];
        double[] resident = new double[Samples];
        for (int i = 0; i < Samples; i++)
        {
            ours.Run(steps);
            at[i] = (i + 1) * steps;
            resident[i] = memory.Read();
        }

        Line line = Line.Through(at, resident);
        return new CaseResult
        {
            Name = Name,
            Title = Title,
            Unit = "step",
            ImagesPerUnit = Configuration.Train.BatchSize,
            PeakBytes = PeakMemory.OfThisProcess(),
            Figures = new Dictionary<string, Spread>
            {
                [$"growth of resident memory over {steps * Samples:N0} steps, bytes a step (± 2 standard errors)"] =
                    new(line.Slope, line.Slope - (2 * line.SlopeError), line.Slope + (2 * line.SlopeError)),
                ["resident memory, MB"] = Spread.Of(resident.Select(bytes => bytes / 1e6)),
                ["live tensors before"] = Spread.Of([tensors]),
                ["live tensors after"] = Spread.Of([Tensor.TotalCount]),
            },
        };
    }
}

/// <summary>A straight line by least squares.</summary>
internal readonly record struct Line(double Slope, double SlopeError)
{
    /// <summary>At least three points, not all at one place.</summary>
    public static Line Through(IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        double meanX = xs.Average();
        double meanY = ys.Average();
        double spread = xs.Sum(x => (x - meanX) * (x - meanX));
        double slope = xs.Zip(ys, (x, y) => (x - meanX) * (y - meanY)).Sum() / spread;
        double residual = xs.Zip(ys, (x, y) => y - meanY - (slope * (x - meanX))).Sum(difference => difference * difference);
        return new Line(slope, Math.Sqrt(residual / (xs.Count - 2) / spread));
    }
}
