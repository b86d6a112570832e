using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Training;

/// <summary>Sums over a batch in nats, under the weights before the update.</summary>
/// <param name="Loss">What was minimized.</param>
/// <param name="Reconstruction">E_q[log p(x|z)].</param>
/// <param name="Kl">KL(q(z|x)‖p(z)).</param>
internal readonly record struct StepSums(double Loss, double Reconstruction, double Kl)
{
    /// <summary>Sums of the model's own figures, one after another.</summary>
    public ReadOnlyMemory<double> Further { get; init; }

    /// <summary>All sums in one row, [3 + …], which a device may still be working out; null where the numbers are known.</summary>
    public Tensor? Pending { get; init; }

    /// <summary>The sums over two parts of a batch.</summary>
    public StepSums Plus(StepSums other)
    {
        StepSums sum = new(Loss + other.Loss, Reconstruction + other.Reconstruction, Kl + other.Kl);
        return Further.Length == 0 ? sum with { Further = other.Further }
            : other.Further.Length == 0 ? sum with { Further = Further }
            : sum with { Further = Further.ToArray().Zip(other.Further.ToArray(), (a, b) => a + b).ToArray() };
    }

    /// <summary>Sums that are known: loss, reconstruction, KL, the model's own.</summary>
    public static StepSums Of(ReadOnlyMemory<double> sums) => new(sums.Span[0], sums.Span[1], sums.Span[2]) { Further = sums[3..] };
}

/// <summary>
/// One update of the model from one batch: the gradients, which are an <see cref="Executor"/>'s matter, their clipping, and the optimizer's
/// rule. Where threads share the batch they share the weights too, so that each clips and updates its own. Results for a number of workers
/// are the same bits from run to run.
/// </summary>
internal sealed class TrainStep : IDisposable
{
    private readonly Action<int> _work;
    private WorkerTeam? _team;
    private StepSums[] _sums = new StepSums[1];
    private double[] _squares = new double[1]; // of the gradients of each worker's weights

    // Owns the executor from here on; the reason is why it is this one.
    public TrainStep(Executor executor, TrainConfiguration train, string reason)
    {
        Executor = executor;
        _work = Work;
        Reason = reason;
        Optimizer = new FlatOptimizer(executor.Parameters, train);
        if (executor.SharesBatch)
        {
            UseTeam(1);
        }
    }

    public Executor Executor { get; }

    public FlatOptimizer Optimizer { get; }

    /// <summary>How the update is computed: "dense, 2 workers" for example.</summary>
    public string Description => _team is null
        ? $"{Executor.Name}, {(Workers == 1 ? "1 thread" : $"{Workers} threads inside operators")}"
        : $"{Executor.Name}, {(Workers == 1 ? "1 worker" : $"{Workers} workers")}";

    public string Reason { get; }

    /// <summary>Threads that share the work, or that operators have inside.</summary>
    public int Workers
    {
        get => _team?.Count ?? get_num_threads();
        set
        {
            if (_team is null)
            {
                set_num_threads(value);
            }
            else if (value != _team.Count)
            {
                _team.Dispose();
                UseTeam(value);
            }
        }
    }

    /// <summary>Does the update.</summary>
    /// <param name="images">The batch, by index in the training set.</param>
    /// <param name="epoch">The epoch under way, from 1.</param>
    /// <param name="step">Updates done before this one since the run began.</param>
    /// <returns>The batch's figures under the weights before the update.</returns>
    public StepSums Run(ReadOnlySpan<int> images, int epoch, long step)
    {
        Executor.Begin(images, epoch, step);
        Optimizer.Begin();
        if (_team is null)
        {
            _sums[0] = Executor.Backward(0);
            Optimizer.UpdateAll();
        }
        else
        {
            _team.Run(_work);
        }

        StepSums total = _sums[0];
        foreach (StepSums part in _sums.AsSpan(1))
        {
            total = total.Plus(part);
        }

        Executor.End();
        return total;
    }

    public void Dispose()
    {
        _team?.Dispose();
        Executor.Dispose();
        Optimizer.Dispose();
    }

    private void UseTeam(int workers)
    {
        _team = new WorkerTeam(workers);
        _sums = new StepSums[workers];
        _squares = new double[workers];
        Executor.UseTeam(_team);
    }

    private void Work(int worker)
    {
        _sums[worker] = Executor.Backward(worker);
        _team!.Meet(); // the gradients of all images are there
        if (Optimizer.GradientClip == 0)
        {
            Executor.SumGradients(worker, Optimizer);
            return;
        }

        Executor.SumGradients(worker, null);
        (int Start, int Length)[] pieces = Executor.Pieces(worker);
        _squares[worker] = 0;
        foreach ((int start, int length) in pieces)
        {
            _squares[worker] += Vectors.SumOfSquares(Optimizer.Parameters.Gradients.Slice(start, length));
        }

        _team.Meet(); // the squares of all gradients are there
        float factor = Optimizer.ClipFactor(TensorPrimitives.Sum<double>(_squares));
        foreach ((int start, int length) in pieces)
        {
            Optimizer.Update(start, length, factor);
        }
    }
}
