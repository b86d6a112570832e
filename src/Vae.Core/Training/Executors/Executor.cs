namespace Vae.Core.Training.Executors;

/// <summary>What is trained, on its final device and with its first weights, on which images, and how.</summary>
internal sealed record TrainingProblem(LatentModel Model, Objective Objective, BatchLoader Loader, TrainConfiguration Train)
{
    public int StepsPerEpoch => BatchOrder.BatchCount(Loader.Images.Count, Train.BatchSize);

    public int LargestBatch => Math.Min(Train.BatchSize, Loader.Images.Count);

    /// <summary>Where the posterior's draws come from.</summary>
    public RandomStream Noise => new((ulong)Train.Seed, RandomPurpose.PosteriorNoise);

    /// <summary>The loss of a batch, by a model of these weights.</summary>
    public ObjectiveValue Evaluate(LatentModel model, Batch batch, int epoch, long step, LikelihoodScore? score = null)
    {
        TrainingDraws draws = new(Noise, epoch, step, batch.Indices, Objective.SamplesPerImage, batch.Input.device);
        ObjectiveContext context = new(step, StepsPerEpoch, Loader.Images.Count, Noise with { Purpose = RandomPurpose.ObjectiveNoise });
        return Objective.Evaluate(model.Infer(batch, score is null ? null : new Given { Score = score }), draws, context);
    }
}

/// <summary>
/// How the gradients of an update are computed. The readable form is <see cref="PlainExecutor"/>; all others must agree with it.
/// </summary>
internal abstract class Executor : IDisposable
{
    private int[] _images = [];
    private int _count;

    /// <summary>The model's, with their gradients; its user disposes of them.</summary>
    public abstract FlatParameters Parameters { get; }

    public abstract string Name { get; }

    /// <summary>Whether threads share the batch; else there is one worker, with threads inside operators.</summary>
    public virtual bool SharesBatch => false;

    /// <summary>The batch, by index in the training set.</summary>
    protected ReadOnlySpan<int> Images => _images.AsSpan(0, _count);

    /// <summary>The epoch under way, from 1.</summary>
    protected int Epoch { get; private set; }

    /// <summary>Updates done before this one since the run began.</summary>
    protected long Step { get; private set; }

    public virtual void UseTeam(WorkerTeam team)
    {
    }

    /// <summary>Takes in the batch, before the threads begin; takes no memory once it has seen a size.</summary>
    public virtual void Begin(ReadOnlySpan<int> images, int epoch, long step)
    {
        if (_images.Length < images.Length)
        {
            _images = new int[images.Length];
        }

        images.CopyTo(_images);
        _count = images.Length;
        Epoch = epoch;
        Step = step;
    }

    /// <summary>Forward and backward through the model.</summary>
    public abstract StepSums Backward(int worker);

    /// <summary>
    /// The gradients of a worker's weights over the whole batch, once all workers are through, where threads share it. With an optimizer
    /// each piece of the weights is updated while its gradient is in the cache, which may then be kept nowhere.
    /// </summary>
    public virtual void SumGradients(int worker, FlatOptimizer? update)
    {
    }

    /// <summary>The pieces of the flat parameters that belong to a worker, where threads share the batch.</summary>
    public virtual (int Start, int Length)[] Pieces(int worker) => [];

    /// <summary>What is left to do once the weights are updated.</summary>
    public virtual void End()
    {
    }

    public abstract void Dispose();
}

/// <summary>Chooses how updates are computed: the one place that knows which executor is for which model.</summary>
internal static class ExecutorChoice
{
    /// <summary>The step with the fastest executor that a model, its objective and its images allow, with one thread.</summary>
    public static TrainStep Fastest(TrainingProblem problem, ComputeDevice device)
    {
        if (!device.IsCpu)
        {
            return ResidentImages.Fit(problem.Loader.Images, problem.Loader.Transform)
                ? Step(new DeviceExecutor(problem), "images kept on the device")
                : Step(new PlainExecutor(problem), "images that cannot be kept on the device");
        }

        if (DenseExecutor.WhyNot(problem) is not { } notDense)
        {
            return Step(new DenseExecutor(problem), "dense layers");
        }

        return ReplicasExecutor.WhyNot(problem) is { } notReplicas
            ? Step(new PlainExecutor(problem), $"{notDense}; {notReplicas}")
            : Step(new ReplicasExecutor(problem), notDense);

        TrainStep Step(Executor executor, string reason) => new(executor, problem.Train, reason);
    }
}
