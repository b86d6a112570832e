namespace Vae.Core.Evaluation;

/// <summary>
/// Evaluates a model on a set of images: the ELBO and its parts, and log p(x) by importance sampling from the posterior, in log space: log
/// (1/K) Σ p(x|z) p(z) / q(z|x). Training does it with K = 1 after each epoch, `eval-elbo` with as many as are asked for. It changes no
/// state. Each image is encoded once and its latents are decoded in chunks. The draws belong to (image, sample), so neither batch, chunk
/// nor thread count changes the result but for rounding.
/// </summary>
internal sealed record ImportanceEvaluator
{
    /// <summary>
    /// A dimension is active when the variance of its posterior mean over the data passes this (Burda et al. 2015, section 5.2).
    /// </summary>
    public const double ActiveUnitThreshold = 0.01;

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

    /// <summary>How the terms are computed; null for the plain estimator.</summary>
    public TermsRequest? Request { get; init; }

    /// <summary>Draws by which the KL is decomposed, at most; one an image where there are fewer images; 0 for no decomposition.</summary>
    public int DecompositionDraws { get; init; } = 5000;

    /// <summary>Asks to stop; heeded between chunks.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Told how many images are done, from any thread.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Evaluates the model on every image of the loader's set, the last, smaller batch by its true size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loader">The images, binarized by the draws of epoch 0.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    /// <param name="device">Where the model lives.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public EvaluationResult Evaluate(LatentModel model, BatchLoader loader, RandomStream noise, Device device)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        FreedMemory.Keep();
        LatentDensity? prior = model.SharedPrior();
        int count = loader.Images.Count;
        int workers = device.type == DeviceType.CPU ? Workers : 1;
        int size = ImagesPerBatch ?? Math.Clamp(count / (BatchesPerWorker * workers), 1, MostImagesPerBatch);
        PosteriorTable? posteriors = model.HasGaussianPosterior ? new PosteriorTable(count, model.Latent) : null;
        Pass pass = new(model, prior, loader, noise, device, new ScoreTable(count, Samples, model), posteriors);
        int done = 0;
        Engine.Workers.ForEach(workers, BatchOrder.BatchCount(count, size), item =>
        {
            int start = item * size;
            int images = Math.Min(size, count - start);
            EvaluateBatch(pass, start, images);
            Progress?.Invoke(Interlocked.Add(ref done, images));
        });

        KlDecomposition? decomposition = DecompositionDraws > 0 && posteriors is not null && prior is not null
            ? new AggregatePosterior(posteriors, prior).Decompose(Math.Min(count, DecompositionDraws), noise, device, workers)
            : null;
        int? activeUnits = posteriors?.ActiveUnits(ActiveUnitThreshold);
        return pass.Scores.Summarize(activeUnits, decomposition) with { Labels = loader.Images.Labels };
    }

    private void EvaluateBatch(Pass pass, int start, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch batch = pass.Loader.Load([.. Enumerable.Range(start, count)], epoch: 0);
        Inference inference = pass.Model.Infer(batch, new Given { Prior = pass.Prior });
        pass.Posteriors?.Set(start, inference.Posterior!);

        int together = Math.Clamp(ChunkFor(pass.Model) / Samples, 1, count);
        for (int first = 0; first < count; first += together)
        {
            int images = Math.Min(together, count - first);
            ImageSampler sampler = new(images, Samples, pass.Loader.Images.Count);
            SampleImages(pass, inference.Narrow(first, images), sampler, batch.Indices[first..(first + images)]);
            sampler.WriteTo(pass.Scores, start + first);
        }
    }

    private void SampleImages(Pass pass, Inference inference, ImageSampler sampler, int[] examples)
    {
        int chunk = Math.Max(1, ChunkFor(pass.Model) / examples.Length);
        for (int first = 0; first < Samples; first += chunk)
        {
            Stop.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            EvaluationDraws draws = new(pass.Noise, first, examples, Math.Min(chunk, Samples - first), pass.Device);
            sampler.Add(inference.Terms(draws, Request));
        }
    }

    private int ChunkFor(LatentModel model) => Math.Max(1, LatentsPerChunk / model.Likelihood.OutputsPerPixel);

    private sealed record Pass(
        LatentModel Model,
        LatentDensity? Prior,
        BatchLoader Loader,
        RandomStream Noise,
        Device Device,
        ScoreTable Scores,
        PosteriorTable? Posteriors);
}
