using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Models;

namespace Vae.Core.Evaluation;

/// <summary>
/// Estimates log p(x) by importance sampling from the posterior, in log space: log (1/K) Σ p(x|z) p(z) / q(z|x). Each image is encoded once
/// and its latents are decoded in chunks. The draws belong to (image, sample), so neither batch, chunk nor thread count changes the result
/// but for rounding.
/// </summary>
public sealed record ImportanceEvaluator
{
    private const int MostImagesPerBatch = 64;
    private const int BatchesPerWorker = 4; // so many at least that no worker waits long for the last one

    /// <summary>K, samples for each image.</summary>
    public required int Samples { get; init; }

    /// <summary>Threads that each evaluate images of their own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Images encoded at once; null chooses.</summary>
    public int? ImagesPerBatch { get; init; }

    /// <summary>
    /// Latents decoded at once where a pixel has one output, else fewer in proportion: on a processor so many that the decoder's output
    /// stays in its cache.
    /// </summary>
    public int LatentsPerChunk { get; init; } = 512;

    /// <summary>Draws by which the KL is decomposed, at most; one an image where there are fewer images.</summary>
    public int DecompositionDraws { get; init; } = 5000;

    /// <summary>Asks to stop; heeded between chunks.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Told how many images are done, from any thread.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Evaluates the model on every image of the loader's set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loader">The images, binarized by the draws of epoch 0.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    /// <param name="device">Where the model lives.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public EvaluationResult Evaluate(VariationalAutoencoder model, BatchLoader loader, RandomStream noise, Device device)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        FreedMemory.Keep();
        LatentDensity prior = model.Prior.Density();
        int count = loader.Images.Count;
        PosteriorTable posteriors = new(count, model.Latent);
        ScoreTable scores = new(count, Samples, model.Latent);
        int batch = ImagesPerBatch ?? Math.Clamp(count / (BatchesPerWorker * Workers), 1, MostImagesPerBatch);
        int done = 0;
        Engine.Workers.ForEach(Workers, BatchOrder.BatchCount(count, batch), item =>
        {
            int start = item * batch;
            int images = Math.Min(batch, count - start);
            EvaluateBatch(new Source(model, prior, loader, noise, device), start, images, posteriors, scores);
            Progress?.Invoke(Interlocked.Add(ref done, images));
        });

        KlDecomposition decomposition = new AggregatePosterior(posteriors, prior)
            .Decompose(Math.Min(count, DecompositionDraws), noise, device, Workers);
        int? activeUnits = posteriors.ActiveUnits(ElboEvaluator.ActiveUnitThreshold);
        EvaluationResult result = scores.Summarize(model.Likelihood, activeUnits, decomposition);
        return result with { Labels = loader.Images.Labels };
    }

    private void EvaluateBatch(Source source, int start, int count, PosteriorTable posteriors, ScoreTable scores)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch batch = source.Loader.Load([.. Enumerable.Range(start, count)], epoch: 0);
        DiagonalGaussian posterior = source.Model.Encode(batch.Input); // [B, D]
        posteriors.Set(start, posterior);
        int together = Math.Clamp(ChunkFor(source.Model) / Samples, 1, count);
        for (int first = 0; first < count; first += together)
        {
            int images = Math.Min(together, count - first);
            DiagonalGaussian part = new(posterior.Mean.narrow(0, first, images), posterior.LogVariance.narrow(0, first, images));
            ImageSampler sampler = new(part, source.Prior, Samples, source.Loader.Images.Count);
            SampleImages(source, sampler, batch.Target.narrow(0, first, images), batch.Indices.AsSpan(first, images));
            sampler.WriteTo(scores, start + first);
        }
    }

    private void SampleImages(Source source, ImageSampler sampler, Tensor target, ReadOnlySpan<int> indices)
    {
        int chunk = Math.Max(1, ChunkFor(source.Model) / indices.Length);
        for (int first = 0; first < Samples; first += chunk)
        {
            Stop.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            int samples = Math.Min(chunk, Samples - first);
            Tensor epsilon = Noise.NormalPerSample(source.Noise, first, samples, indices, source.Model.Latent, source.Device); // [K', B, D]
            sampler.Add(source.Model.Terms(sampler.Posterior, source.Prior, target, epsilon), epsilon);
        }
    }

    private int ChunkFor(VariationalAutoencoder model) => Math.Max(1, LatentsPerChunk / model.Likelihood.OutputsPerPixel);

    private sealed record Source(VariationalAutoencoder Model, LatentDensity Prior, BatchLoader Loader, RandomStream Noise, Device Device);
}
