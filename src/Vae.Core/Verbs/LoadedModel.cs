namespace Vae.Core.Verbs;

/// <summary>
/// Which trained model a verb works with, and on what device. All verbs end soon with an <see cref="OperationCanceledException"/> when they
/// are stopped.
/// </summary>
public abstract record ModelRequest
{
    /// <summary>A run's folder; null takes the newest under `runs`.</summary>
    public string? RunFolder { get; init; }

    /// <summary>"best", "last", or a checkpoint file; null takes the best, or the last of a run that has no best yet.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:n".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads to work with; null chooses.</summary>
    public int? Threads { get; init; }

    /// <summary>Told in one line what is done otherwise than expected.</summary>
    public Action<string>? Warn { get; init; }
}

/// <summary>A verb that also reads images of a split of the data the model was trained on, or of a file.</summary>
public abstract record ImagesRequest : ModelRequest
{
    /// <summary>Which images of the run's data.</summary>
    public Split Split { get; init; } = Split.Test;

    /// <summary>
    /// A file or folder of images instead of a split: PNG, a folder of PNGs, IDX (also .gz), NPY with [N, C, H, W], [N, H, W] or [H, W] of
    /// uint8, or NPZ with such an array named images.
    /// </summary>
    public string? Input { get; init; }

    /// <summary>Where and how data files are found.</summary>
    public DataRequest Data { get; init; } = new();

    /// <summary>The failure of an image that was asked for and is not there.</summary>
    internal VaeException Beyond(long index, int total) => new(
        FailureKind.Usage, FormattableString.Invariant(
            $"{Input ?? $"--split {SplitName}"}: there is no image {index}, the last of the {total} is {total - 1}"));

    /// <summary>The split as it is typed.</summary>
    internal string SplitName => Split.ToString().ToLowerInvariant();
}

/// <summary>A trained model, rebuilt from its checkpoint alone. What verbs ask of a model, they ask here.</summary>
internal sealed class LoadedModel(string path, CheckpointFile file, VaeConfiguration configuration, LatentModel model, ComputeDevice device)
    : IDisposable
{
    /// <summary>How many images verbs read, encode or decode together.</summary>
    public const int ImagesAtOnce = 500;

    private const string DefaultRuns = "runs";
    private const int MomentDraws = 10_000; // which tell the moments of a prior to 1 %

    public string Path => path; // of the checkpoint
    public CheckpointFile File => file;
    public CheckpointHeader Header => file.Header;
    public ImageShape Shape => Header.Shape;
    public VaeConfiguration Configuration => configuration;
    public LatentModel Model => model;
    public ComputeDevice Device => device;

    /// <summary>Loads the checkpoint a request names.</summary>
    /// <exception cref="VaeException">MissingInput, BadData, or Unavailable for the device.</exception>
    public static LoadedModel Load(ModelRequest request)
    {
        ComputeDevice device = ComputeDevice.Choose(request.Device);
        EngineThreads.Use(request.Threads);
        string path = CheckpointPath(request);
        CheckpointFile file = CheckpointFile.Read(path);
        VaeConfiguration configuration = VaeConfiguration.Parse(file.Header.Configuration, path, ofRun: true);
        LatentModel model = configuration.Model.Build(file.Header.Shape, file.Header.Seed);
        file.RestoreWeights(model);
        if (file.HasAverage)
        {
            file.RestoreAverage([.. model.named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter))]);
        }

        model.eval();
        return new LoadedModel(path, file, configuration, model.to(device.Device), device);
    }

    /// <summary>The checkpoint's file that a request names; where it names none, the best, or else the last, which is told.</summary>
    /// <exception cref="VaeException">MissingInput when there is no such run, or no such checkpoint in it.</exception>
    public static string CheckpointPath(ModelRequest request)
    {
        if (request.Checkpoint is { } named && !RunFolder.CheckpointNames.Contains(named))
        {
            return named;
        }

        RunFolder folder = request.RunFolder is null ? RunFolder.Newest(DefaultRuns) : RunFolder.Open(request.RunFolder);
        string path = folder.Checkpoint(request.Checkpoint);
        if (request.Checkpoint is null && path != folder.BestCheckpoint)
        {
            request.Warn?.Invoke($"{path} is taken: this run has no {RunFolder.Best} checkpoint yet");
        }

        return path;
    }

    /// <summary>A failure that begins with the checkpoint's path.</summary>
    public VaeException Failure(FailureKind kind, FormattableString problem) =>
        new(kind, $"{Path}: {problem.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The images a request names: a file's, or a split of the run's data.</summary>
    /// <exception cref="VaeException">MissingInput or BadData; Usage for a split without images.</exception>
    public ImageSet Images(ImagesRequest request, CancellationToken stop)
    {
        if (request.Input is { } path)
        {
            return ImageInput.ReadAll(path, Shape);
        }

        ImageSet images = Configuration.Data.Load(request.Data, stop).Of(request.Split);
        return images.Count > 0
            ? images
            : throw Failure(FailureKind.Usage, $"this run set no images aside for {request.SplitName}; choose another --split");
    }

    /// <summary>The same, some at a time with the number of the first; a file's never stand in memory all at once.</summary>
    /// <exception cref="VaeException">As <see cref="Images"/>.</exception>
    public IEnumerable<(int First, ImageSet Images)> ImageChunks(ImagesRequest request, int size, CancellationToken stop)
    {
        int first = 0;
        foreach (ImageSet chunk in request.Input is { } path ? ImageInput.Read(path, Shape, size) : Chunks(Images(request, stop), size))
        {
            stop.ThrowIfCancellationRequested();
            yield return (first, chunk);
            first += chunk.Count;
        }
    }

    /// <summary>Tensors of images, binarized or dequantized as in every evaluation of this model.</summary>
    public BatchLoader Loader(ImageSet images) =>
        new(images, Configuration.Data.EvaluationTransform(Model.Likelihood.Target), Device.Device);

    /// <summary>Refuses a verb that moves latents along lines and axes, where those of the model cannot be.</summary>
    /// <exception cref="VaeException">Usage.</exception>
    public void NeedPaths()
    {
        if (Model.NoPathsBecause is { } reason)
        {
            throw Failure(FailureKind.Usage, $"{reason}");
        }
    }

    /// <summary>The posteriors of a batch, [B, D], of a model that has <see cref="NeedPaths"/>.</summary>
    public DiagonalGaussian Posterior(Batch batch) => Model.Infer(batch).Posterior!;

    /// <summary>What the model keeps of images, in the order of <see cref="LatentModel.Codes"/>.</summary>
    public Array[] Encode(ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<Tensor> codes = Model.Infer(Batch(images)).Codes();
        return [.. codes.Select(Array (code) => code.dtype == ScalarType.Int64 ? Values<long>(code) : Values<float>(code))];
    }

    /// <summary>The latents of images without noise, N rows of [D].</summary>
    public float[][] Latents(ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. Values<float>(Model.Infer(Batch(images)).MeanLatents).Chunk(Model.Latent)];
    }

    /// <summary>Images as the encoder sees them, and the mean of each pixel at the mean of the posterior, [N, P] each.</summary>
    public (float[] Originals, float[] Reconstructions) Reconstruct(ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch batch = Batch(images);
        return (Values<float>(batch.Input), Values<float>(MeanImages(Model.Infer(batch).MeanLatents)));
    }

    /// <summary>The mean images of latents, [N, P].</summary>
    public float[] DecodeMeans(float[][] latents)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] flat = [.. latents.SelectMany(latent => latent)];
        return Values<float>(MeanImages(tensor(flat, [latents.Length, Model.Latent]).to(Device.Device)));
    }

    /// <summary>Mean and standard deviation of the prior, [D] each; 0 and 1 for N(0, I).</summary>
    public (float[] Mean, float[] Deviation) PriorMoments()
    {
        using DisposeScope scope = NewDisposeScope();
        if (Model.SharedPrior() is IMoments known)
        {
            DiagonalGaussian matched = known.Matched(empty([Model.Latent], device: Device.Device));
            return (Values<float>(matched.Mean), Values<float>(matched.StandardDeviation()));
        }

        Tensor draws = Model.SampleLatents(seed: 1, BatchOrder.Sequential(MomentDraws)); // [N, D]
        return (Values<float>(draws.mean([0L])), Values<float>(draws.std(0)));
    }

    /// <summary>log p(z) of latents [N, D] under the prior of training, [N].</summary>
    public Tensor PriorLogProbability(Tensor latents) =>
        Model.SharedPrior()!.LogProbability(latents.to_type(ScalarType.Float32).to(Device.Device));

    public void Dispose() => Model.Dispose();

    private Batch Batch(ImageSet images) => Loader(images).Load(BatchOrder.Sequential(images.Count), epoch: 0);

    // [N, P] of latents [N, D]
    private Tensor MeanImages(Tensor latents) => Model.Likelihood.Mean(Model.Decode(latents));

    private static T[] Values<T>(Tensor tensor)
        where T : unmanaged => TensorMemory.Of<T>(tensor.cpu().contiguous()).ToArray();

    private static IEnumerable<ImageSet> Chunks(ImageSet images, int size) =>
        Enumerable.Range(0, BatchOrder.BatchCount(images.Count, size))
            .Select(chunk => images.Slice(chunk * size, Math.Min(size, images.Count - (chunk * size))));
}
