namespace Vae.Core.Verbs;

/// <summary>Everything `eval-elbo` needs to know.</summary>
public sealed record EvaluateElboRequest : ImagesRequest
{
    /// <summary>K, importance samples for each image.</summary>
    public int ImportanceSamples { get; init; } = 1;

    /// <summary>Only the first so many images; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>Seed of the posterior's draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Told (images done, images in all), from any thread.</summary>
    public Action<int, int>? Progress { get; init; }
}

/// <summary>`eval-elbo`: the ELBO, its parts and the importance-weighted log-likelihood of a set of images.</summary>
public static class EvaluateElbo
{
    // A GPU wants as many latents at once as its memory takes with ease: 50 MB of pixels for MNIST.
    private const int LatentsPerChunkOnGpu = 16_384;

    private const int ScoresAtOnce = 10_000;

    private static readonly (string Name, Func<ImageScore, double> Of)[] Figures =
    [
        ("elbo", static score => score.Elbo),
        ("reconstruction", static score => score.Reconstruction),
        ("kl", static score => score.Kl),
        ("log_likelihood", static score => score.LogLikelihood),
        ("ess", static score => score.EffectiveSampleSize),
    ];

    /// <summary>
    /// Evaluates a run's model on a split of its data, or on a file's images. The output, where there is one, takes each image's figures,
    /// in nats, with its index and its label where there are labels.
    /// </summary>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data, Unavailable for the device.</exception>
    public static EvaluationResult Run(EvaluateElboRequest request, ArrayOutput? perImage, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        ImageSet images = loaded.Images(request, stop);
        images = request.Count is { } count && count < images.Count ? images.Slice(0, count) : images;
        bool isCpu = loaded.Device.IsCpu;
        ImportanceEvaluator evaluator = new()
        {
            Samples = request.ImportanceSamples,
            Workers = isCpu ? request.Threads ?? Environment.ProcessorCount : 1,
            Stop = stop,
            Progress = request.Progress is { } progress ? done => progress(done, images.Count) : null,
        };
        RandomStream noise = new((ulong)request.Seed, RandomPurpose.EvaluationNoise);
        EvaluationResult result = (isCpu ? evaluator : evaluator with { LatentsPerChunk = LatentsPerChunkOnGpu })
            .Evaluate(loaded.Model, loaded.Loader(images), noise, loaded.Device.Device);
        if (perImage is not null)
        {
            Write(result, perImage);
        }

        return result;
    }

    private static void Write(EvaluationResult result, ArrayOutput output)
    {
        string[] keys = result.Labels is null ? ["index"] : ["index", "label"];
        output.Begin(new OutputLayout(
        [
            .. keys.Select(name => new OutputArray(name, NpyType.Int64)),
            .. Figures.Select(figure => new OutputArray(figure.Name, NpyType.Float32)),
        ]));
        for (int first = 0; first < result.Images; first += ScoresAtOnce)
        {
            int[] indices = [.. Enumerable.Range(first, Math.Min(ScoresAtOnce, result.Images - first))];
            output.Append(
            [
                Array.ConvertAll(indices, index => (long)index),
                .. result.Labels is { } labels ? (Array[])[Array.ConvertAll(indices, index => (long)labels[index])] : [],
                .. Figures.Select(figure => Array.ConvertAll(indices, index => figure.Of(result.Scores[index]))),
            ]);
        }
    }
}
