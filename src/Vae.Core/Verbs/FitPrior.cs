namespace Vae.Core.Verbs;

/// <summary>Everything `fit-prior` needs to know.</summary>
public sealed record FitPriorRequest : ModelRequest
{
    /// <summary>Numbers of components to choose from.</summary>
    public IReadOnlyList<int> Components { get; init; } = [1, 2, 5, 10, 20, 50, 100];

    /// <summary>Fraction of the codes held out to choose by, above 0 and below 1.</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>Where and how data files are found.</summary>
    public DataRequest Data { get; init; } = new();

    /// <summary>Told each number of components when it is done, in the order of the request.</summary>
    public Action<PriorCandidate>? Progress { get; init; }
}

/// <summary>A mixture that was tried.</summary>
/// <param name="Components">Its number of components.</param>
/// <param name="LogLikelihood">Mean log-density of the held-out codes under it, in nats per code.</param>
public sealed record PriorCandidate(int Components, double LogLikelihood);

/// <summary>What `fit-prior` did.</summary>
/// <param name="Checkpoint">The checkpoint that has the prior now.</param>
/// <param name="Codes">Codes it was fitted to, the held-out ones among them in the end.</param>
/// <param name="Best">The mixture that was kept, as it was when the held-out codes chose it.</param>
/// <param name="ModelPriorLogLikelihood">The log-density of the same codes under the prior the model was trained with.</param>
/// <param name="Candidates">All that was tried.</param>
public sealed record FitPriorResult(
    string Checkpoint, int Codes, PriorCandidate Best, double ModelPriorLogLikelihood, IReadOnlyList<PriorCandidate> Candidates);

/// <summary>
/// `fit-prior`: fits a mixture of Gaussians to the aggregate posterior q(z) = (1/N) Σ q(z|x_n) of a trained model, which a prior that was
/// fixed before training seldom equals. The codes are one draw from each training image's posterior, since means alone would be narrower
/// than q(z); of a deterministic autoencoder they are the means (ex-post density estimation, Ghosh et al. 2020).
/// </summary>
public static class FitPrior
{
    private const int MostCodes = 100_000;

    /// <summary>
    /// Fits mixtures of every size asked for to a part of the codes, takes the size under which the held-out rest is most likely, fits it
    /// to all of them and adds it to the checkpoint, which is as it was where the work is stopped.
    /// </summary>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for checkpoint and data, BadData for too few images, Usage for sizes none of which the codes allow,
    /// OutputUnwritable where another process is changing the run.
    /// </exception>
    public static FitPriorResult Run(FitPriorRequest request, CancellationToken stop)
    {
        string path = LoadedModel.CheckpointPath(request);
        using RunLock? taken = RunFolder.Of(path) is { } folder ? RunLock.Take(folder.Root, request.Warn ?? (_ => { })) : null;
        using LoadedModel loaded = LoadedModel.Load(request with { RunFolder = null, Checkpoint = path });
        loaded.NeedPaths();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor codes = Codes(loaded, request, stop);                      // [N, D] float64
        int heldOut = (int)Math.Ceiling(codes.shape[0] * request.HeldOut);
        Tensor held = codes.narrow(0, 0, heldOut);                        // the order is random already
        Tensor fitted = codes.narrow(0, heldOut, codes.shape[0] - heldOut);
        int[] sizes = [.. request.Components.Where(size => size <= fitted.shape[0])];
        if (sizes.Length == 0)
        {
            throw loaded.Failure(FailureKind.Usage, $"no number of components asked for is at most the {fitted.shape[0]} codes there are");
        }

        MixtureEstimator estimator = new() { Stream = new RandomStream((ulong)loaded.Header.Seed, RandomPurpose.MixtureInitialization) };
        PriorCandidate[] candidates = [.. sizes.Select(Try)];
        PriorCandidate best = candidates.MaxBy(candidate => candidate.LogLikelihood)!;
        FittedPrior.Write(loaded.Path, estimator.Fit(codes, best.Components));
        return new FitPriorResult(loaded.Path, (int)codes.shape[0], best, loaded.PriorLogProbability(held).mean().ToDouble(), candidates);

        PriorCandidate Try(int size)
        {
            stop.ThrowIfCancellationRequested();
            using DisposeScope tried = NewDisposeScope();
            PriorCandidate candidate = new(size, estimator.Fit(fitted, size).LogProbability(held).mean().ToDouble());
            request.Progress?.Invoke(candidate);
            return candidate;
        }
    }

    // One code for each training image, or for so many drawn at random, in random order; [N, D] float64 on the CPU.
    private static Tensor Codes(LoadedModel loaded, FitPriorRequest request, CancellationToken stop)
    {
        ImageSet training = loaded.Configuration.Data.Load(request.Data, stop).Train;
        if (training.Count < 2)
        {
            throw InputFile.Bad(training.Name, $"a prior is fitted to two images or more, and here is {training.Count}");
        }

        RandomStream noise = new((ulong)loaded.Header.Seed, RandomPurpose.EvaluationNoise);
        BatchLoader loader = loaded.Loader(training);
        int[] order = BatchOrder.Permutation((ulong)loaded.Header.Seed, 0, training.Count);
        int[] chosen = order[..Math.Min(MostCodes, order.Length)];
        Tensor codes = empty(chosen.Length, loaded.Model.Latent, ScalarType.Float64);
        int done = 0;
        foreach (int[] indices in chosen.Chunk(LoadedModel.ImagesAtOnce))
        {
            using DisposeScope scope = NewDisposeScope();
            Batch batch = loader.Load(indices, epoch: 0);
            DiagonalGaussian posterior = loaded.Posterior(batch); // [B, D]
            Tensor drawn = loaded.Configuration.Objective.IsDeterministic
                ? posterior.Mean
                : posterior.Reparameterize(
                    Noise.NormalPerImage(noise, 0, batch.Indices, 1, loaded.Model.Latent, loaded.Device.Device).squeeze(0));
            codes.narrow(0, done, indices.Length).copy_(drawn);
            done += indices.Length;
        }

        return codes;
    }
}

/// <summary>The mixture that `fit-prior` adds to a checkpoint, as a density.</summary>
internal static class FittedPrior
{
    private const string LogWeights = "log_weights";
    private const string Means = "means";
    private const string LogVariances = "log_variances";

    /// <summary>Adds the mixture to a checkpoint, in float32.</summary>
    /// <exception cref="VaeException">OutputUnwritable or InputOutput.</exception>
    public static void Write(string checkpoint, GaussianMixtureDensity mixture) => CheckpointFile.AddFittedPrior(
        checkpoint,
        [
            (LogWeights, mixture.LogWeights.to_type(ScalarType.Float32)),
            (Means, mixture.Means.to_type(ScalarType.Float32)),
            (LogVariances, mixture.LogVariances.to_type(ScalarType.Float32)),
        ]);

    /// <summary>The mixture of a loaded model's checkpoint, on the model's device.</summary>
    /// <exception cref="VaeException">MissingInput where there is none, BadData where it does not fit the model.</exception>
    public static GaussianMixtureDensity Read(LoadedModel loaded)
    {
        CheckpointFile file = loaded.File;
        if (!file.HasFittedPrior)
        {
            throw loaded.Failure(FailureKind.MissingInput, $"has no fitted prior; make one with `vae fit-prior`");
        }

        GaussianMixtureDensity mixture = new(
            file.FittedPriorTensor(LogWeights, 1).to(loaded.Device.Device),
            file.FittedPriorTensor(Means, 2).to(loaded.Device.Device),
            file.FittedPriorTensor(LogVariances, 2).to(loaded.Device.Device));
        long[] shape = [mixture.LogWeights.shape[0], loaded.Model.Latent];
        if (shape[0] == 0 || !mixture.Means.shape.SequenceEqual(shape) || !mixture.LogVariances.shape.SequenceEqual(shape))
        {
            throw loaded.Failure(
                FailureKind.BadData, $"the fitted prior is damaged: its tensors do not fit the model's {shape[1]} latents");
        }

        return mixture;
    }
}
