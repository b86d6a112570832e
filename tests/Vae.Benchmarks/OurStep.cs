namespace Vae.Benchmarks;

/// <summary>
/// Training steps as <see cref="Train"/> does them: the order of the images, their loading and binarization, the update, and reading its
/// figures. What a run does beside its steps is left out.
/// </summary>
internal sealed class OurStep : IDisposable
{
    private readonly LatentModel _model;
    private readonly TrainStep _step;
    private readonly TrainConfiguration _train;
    private readonly DataConfiguration _data;
    private readonly ComputeDevice _device;
    private readonly int _images;
    private readonly int[] _order;
    private int _place;
    private int _epoch;
    private long _steps;

    public OurStep(VaeConfiguration configuration, ImageSet images, ComputeDevice device)
    {
        _train = configuration.Train;
        _data = configuration.Data;
        _device = device;
        _images = images.Count;
        _order = new int[_images];
        _place = _images; // the first steps begin an epoch
        EngineThreads.Use(1);
        ComputePrecision.Use(_train.Precision, device);
        _model = configuration.Model.Build(images.Shape, _train.Seed, images).to(device.Device);
        PixelTransform transform = configuration.Data.TrainingTransform(_model.Likelihood.Target, _train.Seed);
        _step = ExecutorChoice.Fastest(
            new TrainingProblem(_model, configuration.Objective, new BatchLoader(images, transform, device.Device), _train), device);
        Tuning = device.IsCpu
            ? new StepTuner().Tune(_step, _model, BatchOrder.Sequential(_train.BatchSize)).ToString()
            : "on the device";
    }

    /// <summary>How the step works, and how its number of threads was found.</summary>
    public string Tuning { get; }

    /// <summary>What was chosen, in words.</summary>
    public string Setting => _device.IsCpu ? $"threads {Threads}" : ConfigurationText.NameOf(_train.Precision);

    /// <summary>The threads that share a step.</summary>
    public int Threads => _step.Workers;

    /// <summary>The loss of the last step, in nats per image.</summary>
    public double Loss { get; private set; }

    /// <summary>So many updates, each on a whole batch.</summary>
    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            ReadOnlySpan<int> indices = NextIndices();
            _step.Optimizer.LearningRate = _train.LearningRateAt(_steps, _epoch, BatchOrder.BatchCount(_images, _train.BatchSize));
            Read(_step.Run(indices, _epoch, _steps++), wait: i == steps - 1);
        }

        if (!double.IsFinite(Loss))
        {
            throw new InvalidOperationException("the loss is not finite: these steps measure nothing");
        }
    }

    /// <summary>
    /// The ELBO in nats per image, as a run evaluates it after an epoch: one draw an image, with the threads of the step.
    /// </summary>
    public double Evaluate(ImageSet images)
    {
        BatchLoader loader = new(images, _data.EvaluationTransform(_model.Likelihood.Target), _device.Device);
        RandomStream noise = new((ulong)_train.Seed, RandomPurpose.EvaluationNoise);
        ImportanceEvaluator evaluator = new() { Samples = 1, Workers = Threads, DecompositionDraws = 0 };
        return evaluator.Evaluate(_model, loader, noise, _device.Device).Elbo;
    }

    public void Dispose()
    {
        _step.Dispose();
        _model.Dispose();
    }

    // What is still being worked out on a device is read at the end only, which waits for all that is under way.
    private void Read(StepSums sums, bool wait)
    {
        if (sums.Pending is not { } pending)
        {
            Loss = sums.Loss / _train.BatchSize;
            return;
        }

        if (wait || pending.device_type == DeviceType.CPU)
        {
            using Tensor onCpu = pending.cpu();
            Loss = onCpu.data<float>()[0] / _train.BatchSize;
        }

        pending.Dispose();
    }

    private ReadOnlySpan<int> NextIndices()
    {
        if (_place + _train.BatchSize > _order.Length)
        {
            BatchOrder.Permute((ulong)_train.Seed, ++_epoch, _order);
            _place = 0;
        }

        _place += _train.BatchSize;
        return _order.AsSpan(_place - _train.BatchSize, _train.BatchSize);
    }
}
