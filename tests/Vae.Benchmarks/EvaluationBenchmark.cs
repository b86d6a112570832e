using System.Globalization;
using Vae.Core.Composition;
using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Data.Sources;
using Vae.Core.Engine;
using Vae.Core.Evaluation;
using Vae.Core.Models;
using static TorchSharp.torch;

namespace Vae.Benchmarks;

/// <summary>
/// How near the importance-weighted evaluation of a 784-400-20 model comes to the speed that its matrix products alone have. Both are timed
/// in turn, floor, evaluator, floor, …, so that what else the machine does meets both alike.
/// </summary>
internal static class EvaluationBenchmark
{
    private const int Latent = 20;
    private const int Hidden = 400;

    public static void Run(Options options)
    {
        int images = options.Integer("--images", 100);
        int samples = options.Integer("--samples", 5000);
        int rounds = options.Integer("--rounds", 9);
        int workers = options.Integer("--workers", Environment.ProcessorCount);
        int chunk = options.Integer("--chunk", new ImportanceEvaluator { Samples = samples }.LatentsPerChunk);
        ImageSet set = new DigitsSource { TrainCount = 1, TestCount = images }.Load(DatasetPart.Test, new DataLoadContext());
        ModelConfiguration configuration = new() { Latent = Latent };
        using VariationalAutoencoder model = ModelFactory.Build(configuration, set.Shape, seed: 1);
        BatchLoader loader = new(set, new PixelTransform(Binarization.Static, new RandomStream(1, RandomPurpose.EvaluationBinarization)), CPU);
        ImportanceEvaluator evaluator = new() { Samples = samples, Workers = workers, LatentsPerChunk = chunk };
        MatrixFloor floor = new([Latent, Hidden, set.Shape.PixelCount], workers);

        void Evaluate() => evaluator.Evaluate(model, loader, new RandomStream(1, RandomPurpose.EvaluationNoise), CPU);

        long rows = (long)images * samples;
        floor.Multiply(rows / 10, 128);
        Evaluate();
        int best = floor.FastestChunk(rows / 10);
        Say($"{images} images x {samples} samples of {set.Shape.PixelCount}-{Hidden}-{Latent}, {workers} workers; floor in chunks of {best} rows, evaluator of {chunk}");
        List<(Cost Floor, Cost Evaluator)> times = [];
        for (int round = 0; round < rounds; round++)
        {
            times.Add((Cost.Of(() => floor.Multiply(rows, best)), Cost.Of(Evaluate)));
            Say($"  floor {times[^1].Floor.Wall:0.00} s ({times[^1].Floor.Processor:0.00} s of processor), evaluator {times[^1].Evaluator.Wall:0.00} s ({times[^1].Evaluator.Processor:0.00})");
        }

        Summarize("by the clock", [.. times.Select(time => time.Floor.Wall / time.Evaluator.Wall)]);
        Summarize("by processor time", [.. times.Select(time => time.Floor.Processor / time.Evaluator.Processor)]);
        double flop = 2.0 * rows * ((Latent * Hidden) + (Hidden * set.Shape.PixelCount));
        Say($"floor {flop / 1e9 / times.Min(time => time.Floor.Processor):0.0} GFLOP/s a core at best; 10,000 images x 5,000 would take {times.Min(time => time.Evaluator.Wall) / rows * 5e7:0} s");
    }

    private static void Summarize(string name, double[] ratios)
    {
        Array.Sort(ratios);
        Say($"speed of the floor reached, {name}: median {ratios[ratios.Length / 2]:P0}, from {ratios[0]:P0} to {ratios[^1]:P0}");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
