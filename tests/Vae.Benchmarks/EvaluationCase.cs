using Vae.Core.Networks;

namespace Vae.Benchmarks;

/// <summary>
/// The importance-weighted evaluation of a model, against the peers', which encode once and decode in batches too, and against the matrix
/// products of its decoder.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Model">A model with dense layers.</param>
/// <param name="Samples">K, draws for each image.</param>
internal sealed record EvaluationCase(string Name, string Title, GaussianVaeConfiguration Model, int Samples) : BenchmarkCase(Name, Title)
{
    private const int MostImages = 2000;
    private const int TrialImages = 20;

    public override CaseResult Measure(BenchContext context)
    {
        ImageSet images = new DigitsSource().Load(DatasetPart.Test, new DataRequest(), MostImages);
        using LatentModel model = Model.Build(images.Shape, seed: 1).to(context.Device.Device);
        PixelTransform transform = new(Binarization.Static, new RandomStream(1, RandomPurpose.EvaluationBinarization));
        int workers = context.Device.IsCpu ? Environment.ProcessorCount : 1;
        ImportanceEvaluator evaluator = new() { Samples = Samples, Workers = workers };

        void Evaluate(int count)
        {
            for (int left = count; left > 0; left -= MostImages)
            {
                BatchLoader loader = new(images.Slice(0, Math.Min(left, MostImages)), transform, context.Device.Device);
                evaluator.Evaluate(model, loader, new RandomStream(1, RandomPurpose.EvaluationNoise), context.Device.Device);
            }
        }

        Evaluate(workers);
        long peak = PeakMemory.OfThisProcess();
        using TemporaryFile pixels = BenchmarkImages.Write(images);
        using PeerGroup peers = context.StartPeers(PeerSpecification.ForEvaluation(Model, images.Shape, pixels.Path, Samples));
        List<Contender> contenders = [Contender.Local("ours", Evaluate), .. peers.Contenders];
        int chunk = 0;
        if (context.Device.IsCpu)
        {
            MatrixFloor floor = new([Model.Latent, .. ((MlpConfiguration)Model.Decoder).Hidden, images.Shape.PixelCount], workers);
            chunk = floor.FastestChunk((long)TrialImages * Samples);
            contenders.Add(Contender.Local("floor", count => floor.Multiply((long)count * Samples, chunk)));
        }

        return new CaseResult
        {
            Name = Name,
            Title = Title,
            Unit = "image",
            ImagesPerUnit = 1,
            SecondsPerUnit = context.Take(contenders),
            OurSetting = $"{workers} workers, {evaluator.LatentsPerChunk} latents at once",
            Peers = peers.Results,
            FloorSetting = chunk > 0 ? $"{workers} workers with one BLAS thread each, {chunk} rows at once" : null,
            PeakBytes = peak,
        }.WithRatios();
    }
}
