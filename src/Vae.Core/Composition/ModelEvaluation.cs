using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Evaluation;

namespace Vae.Core.Composition;

/// <summary>`eval-elbo`: the ELBO, its parts and the importance-weighted log-likelihood of a set of images.</summary>
public static class ModelEvaluation
{
    // A GPU wants as many latents at once as its memory takes without thinking about it: 50 MB of pixels for MNIST.
    private const int LatentsPerChunkOnGpu = 16_384;

    /// <summary>Evaluates a run's model on a split of its data, or on a file's images.</summary>
    /// <exception cref="VaeException">MissingInput or BadData for checkpoint and data, Unavailable for the device.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static EvaluationResult Evaluate(EvaluateRequest request, CancellationToken stop)
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
        return (isCpu ? evaluator : evaluator with { LatentsPerChunk = LatentsPerChunkOnGpu })
            .Evaluate(loaded.Model, loaded.Loader(images), noise, loaded.Device.Device);
    }
}
