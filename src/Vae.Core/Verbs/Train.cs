namespace Vae.Core.Verbs;

/// <summary>What training needs to know whether it begins or goes on.</summary>
public abstract record TrainingRequest
{
    /// <summary>"auto", "cpu", "cuda" or "cuda:n".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads that share the work of a step; null leaves it to the configuration.</summary>
    public int? Threads { get; init; }

    /// <summary>Where and how data files are found.</summary>
    public DataRequest Data { get; init; } = new();
}

/// <summary>Everything `train` needs to know.</summary>
public sealed record TrainRequest : TrainingRequest
{
    /// <summary>The whole, validated configuration (overrides already applied).</summary>
    public required VaeConfiguration Configuration { get; init; }

    /// <summary>A word for naming the run's folder, the configuration's file name for example.</summary>
    public required string Name { get; init; }

    /// <summary>The run's folder; null makes a new one below the configuration's `output.runs`.</summary>
    public string? RunFolder { get; init; }

    /// <summary>How a number of threads is found where none is given.</summary>
    internal StepTuner Tuner { get; init; } = new();
}

/// <summary>Everything `train --resume` needs to know.</summary>
public sealed record ResumeRequest : TrainingRequest
{
    /// <summary>The run's folder.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Changes the run's own configuration before it is compared with what may change; null continues as it was.</summary>
    public Func<VaeConfiguration, VaeConfiguration>? Change { get; init; }
}

/// <summary>
/// Puts a training run together from its configuration, and runs it. The observer is told what happens, in order, on the caller's thread;
/// a stop is asked for and comes soon, after a checkpoint was saved.
/// </summary>
public static class Train
{
    private const int MostActivityImages = 10_000;

    /// <summary>Trains a new run.</summary>
    /// <exception cref="VaeException">
    /// As the parts say: bad data, no such device, a model too large, an unwritable folder, divergence, ….
    /// </exception>
    public static TrainingOutcome Start(TrainRequest request, Action<TrainingEvent> observer, CancellationToken stop)
    {
        VaeConfiguration configuration = request.Configuration;
        (ComputeDevice device, DataSplits splits) = DeviceAndData(request.Device, configuration.Data, request.Data, stop);
        ComputePrecision.Use(configuration.Train.Precision, device);
        configuration = WithThreads(configuration, request.Threads);
        TrainingMemory.Check(configuration, splits.Train.Shape, resumes: false, MemoryOf(device));
        Action<string> warn = Warning(observer);
        using RunLock taken = request.RunFolder is { } path
            ? RunLock.Take(path, warn)
            : RunLock.TakeNew(configuration.Output.Runs, request.Name, DateTime.Now, warn);
        return Run(configuration, splits, RunFolder.Create(taken), null, device, request.Tuner, observer, stop);
    }

    /// <summary>
    /// Continues a run from its last checkpoint, bit for bit as if it had never stopped; from its beginning where it was killed before
    /// there was one.
    /// </summary>
    /// <exception cref="VaeException">
    /// MissingInput when there is no run in the folder; OutputUnwritable when another process is changing it; BadData when its checkpoint
    /// is of another format; Usage when a key is changed that may not change.
    /// </exception>
    public static TrainingOutcome Resume(ResumeRequest request, Action<TrainingEvent> observer, CancellationToken stop)
    {
        RunFolder folder = RunFolder.Open(request.RunFolder);
        if (!folder.HoldsRun)
        {
            throw new VaeException(FailureKind.MissingInput, $"{folder.Root}: holds no run");
        }

        using RunLock taken = RunLock.Take(folder.Root, Warning(observer));
        CheckpointFile? checkpoint = File.Exists(folder.LastCheckpoint) ? CheckpointFile.Read(folder.LastCheckpoint) : null;
        RefuseOtherFormat(checkpoint?.Header, folder);
        VaeConfiguration saved = checkpoint is null
            ? VaeConfiguration.Read(folder.Configuration, ofRun: true)
            : VaeConfiguration.Parse(checkpoint.Header.Configuration, folder.LastCheckpoint, ofRun: true);
        VaeConfiguration configuration = request.Change?.Invoke(saved) ?? saved;
        RefuseForbiddenChanges(saved, configuration, folder);
        ComputeDevice device = ComputeDevice.Choose(request.Device);
        ComputePrecision.Use(configuration.Train.Precision, device);
        configuration = WithThreads(configuration, request.Threads);
        folder.Prepare();
        DataSplits splits = configuration.Data.Load(request.Data, stop);
        TrainingMemory.Check(configuration, splits.Train.Shape, resumes: checkpoint is not null, MemoryOf(device));
        return Run(configuration, splits, folder, checkpoint, device, new StepTuner(), observer, stop);
    }

    private static TrainingOutcome Run(
        VaeConfiguration configuration, DataSplits splits, RunFolder folder, CheckpointFile? checkpoint, ComputeDevice device,
        StepTuner tuner, Action<TrainingEvent> observer, CancellationToken stop)
    {
        folder.WriteConfiguration(ConfigurationWriter.Write(configuration));
        TrainConfiguration train = configuration.Train;
        ImageShape shape = splits.Train.Shape;
        using LatentModel model = configuration.Model.Build(shape, train.Seed, checkpoint is null ? splits.Train : null).to(device.Device);
        PixelTransform transform = configuration.Data.TrainingTransform(model.Likelihood.Target, train.Seed);
        if (checkpoint is null)
        {
            configuration.Model.InitializeFromData(model, splits.Train, transform);
        }

        EngineThreads.Use(1);
        TrainingProblem problem = new(model, configuration.Objective, new BatchLoader(splits.Train, transform, device.Device), train);
        using TrainStep step = ExecutorChoice.Fastest(problem, device);
        FlatOptimizer optimizer = step.Optimizer;
        using WeightAverage? average = train.EmaDecay > 0 ? new(optimizer.Parameters, train.EmaDecay) : null;
        TrainingProgress progress = checkpoint is null ? new() : Restore(checkpoint, model, optimizer, average);
        using RunRecorder recorder = new(folder, progress.Epoch, epoch => SampleGrid(configuration, model, shape, device, epoch));
        bool hasValidation = splits.Validation.Count > 0;
        ImageSet evaluated = hasValidation ? splits.Validation : splits.Train.Slice(0, Math.Min(MostActivityImages, splits.Train.Count));
        ThreadTrials? trials = device.IsCpu && train.Threads == 0
            ? tuner.Tune(step, model, BatchOrder.Sequential(Math.Min(train.BatchSize, splits.Train.Count)))
            : null;
        UseThreads(trials?.Fastest.Workers ?? train.Threads);
        using Trainer trainer = new(problem, device, progress, observer)
        {
            Average = average,
            Step = step,
            Evaluation = new BatchLoader(evaluated, configuration.Data.EvaluationTransform(model.Likelihood.Target), device.Device),
            EvaluationIsValidation = hasValidation,
            Folder = folder,
            Recorder = recorder,
            SaveCheckpoint = (path, state) => CheckpointFile.Write(
                path, Header(configuration, shape, state), model, optimizer.StepCount, optimizer.State(), average?.State()),
            RestoreCheckpoint = path => Restore(CheckpointFile.Read(path), model, optimizer, average),
            FirstSeconds = trials is not null && progress.Step == 0 ? new FirstSeconds(trials, tuner.Clock) : null,
            UseThreads = UseThreads,
        };
        string tuning = trials?.ToString() ?? (device.IsCpu ? "as configured" : "on the device");
        observer(new RunStarted(
            folder.Root, device.Name, device.Reason, $"{step.Description} ({step.Reason}; {tuning})", model.ParameterCount,
            splits.Train.Count, splits.Validation.Count, progress.Epoch + 1, train.Epochs, problem.StepsPerEpoch));
        return trainer.Run(stop);

        // Their number is part of the configuration, since the last bits depend on it.
        void UseThreads(int threads)
        {
            step.Workers = Math.Max(1, threads);
            configuration = WithThreads(configuration, threads);
            folder.WriteConfiguration(ConfigurationWriter.Write(configuration));
        }
    }

    // What a GPU has is not known beforehand.
    private static long MemoryOf(ComputeDevice device) => device.IsCpu ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : long.MaxValue;

    private static Action<string> Warning(Action<TrainingEvent> observer) =>
        message => observer(new TrainingNotice(message, IsWarning: true));

    private static VaeConfiguration WithThreads(VaeConfiguration configuration, int? threads) =>
        configuration with { Train = configuration.Train with { Threads = threads ?? configuration.Train.Threads } };

    private static TrainingProgress Restore(CheckpointFile checkpoint, LatentModel model, FlatOptimizer optimizer, WeightAverage? average)
    {
        checkpoint.RestoreWeights(model);
        checkpoint.RestoreAverage(average?.State() ?? []);
        optimizer.StepCount = checkpoint.RestoreOptimizer(optimizer.State());
        return checkpoint.Header.Progress;
    }

    private static CheckpointHeader Header(VaeConfiguration configuration, ImageShape shape, TrainingProgress progress) => new()
    {
        Configuration = ConfigurationWriter.Write(configuration),
        Shape = shape,
        Progress = progress,
        Seed = configuration.Train.Seed,
        ToolVersion = ToolVersion.Current,
    };

    private static byte[]? SampleGrid(VaeConfiguration configuration, LatentModel model, ImageShape shape, ComputeDevice device, int epoch)
    {
        OutputConfiguration output = configuration.Output;
        if (output.SampleEvery == 0 || output.Samples == 0 || epoch % output.SampleEvery != 0)
        {
            return null;
        }

        // Seeded without the epoch: the same latent points each time.
        float[] images = new PriorSampler((ulong)configuration.Train.Seed).Draw(model, 0, output.Samples, device.Device);
        ImageGridOptions options = new() { Scale = ImageGrid.ReadableScale(shape) };
        return PngWriter.Encode(ImageGrid.Tile(images, output.Samples, shape, options));
    }

    private static void RefuseOtherFormat(CheckpointHeader? header, RunFolder folder)
    {
        if (header is not null && header.Format != CheckpointHeader.CurrentFormat)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"{folder.Root}: this run is of format {header.Format}, and this version goes on with runs of format "
                + $"{CheckpointHeader.CurrentFormat} only; train anew with --config {folder.Configuration}, or resume it with vae "
                + Printable.Text(header.ToolVersion));
        }
    }

    private static void RefuseForbiddenChanges(VaeConfiguration saved, VaeConfiguration wanted, RunFolder folder)
    {
        IEnumerable<ConfigurationDifference> changes = ConfigurationDifference.Between(saved, wanted);
        if (changes.FirstOrDefault(change => !VaeConfiguration.MayChangeOnResume(change.Path)) is { } forbidden)
        {
            throw new VaeException(
                FailureKind.Usage,
                $"{folder.Root}: {forbidden.Path} is {forbidden.Before} in this run and cannot become {forbidden.After}; "
                + "only the number of epochs, the patience, the threads, a GPU's precision, and the output may change");
        }

        if (saved.Train.Schedule is CosineSchedule { Epochs: null } && saved.Train.Epochs != wanted.Train.Epochs)
        {
            throw new VaeException(
                FailureKind.Usage,
                $"{folder.Root}: train.epochs is {saved.Train.Epochs} in this run and cannot change, for the schedule \"cosine\" ends "
                + "there; a run that shall go on beyond needs train.schedule.epochs from its start");
        }
    }

    /// <summary>
    /// What a new run waits for before its first step, at the same time: the tensor library, some hundred megabytes of it, and the images.
    /// </summary>
    /// <exception cref="VaeException">As the parts say; where both fail, that of the device.</exception>
    /// <exception cref="OperationCanceledException">A download was stopped.</exception>
    private static (ComputeDevice Device, DataSplits Splits) DeviceAndData(
        string device, DataConfiguration configuration, DataRequest request, CancellationToken stop)
    {
        using CancellationTokenSource abandon = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<DataSplits> loading = Task.Run(() => configuration.Load(request, abandon.Token), CancellationToken.None);
        ComputeDevice chosen;
        try
        {
            chosen = ComputeDevice.Choose(device);
        }
        catch
        {
            abandon.Cancel();
            ((IAsyncResult)loading).AsyncWaitHandle.WaitOne(); // a download ends at the next read
            throw;
        }

        return (chosen, loading.GetAwaiter().GetResult());
    }
}
