namespace Vae.Core.Training.Executors;

/// <summary>
/// The gradients of any model on the CPU whose loss is a mean over images, by the tensor library: threads share a batch by its images, each
/// with a replica of the model over the same weights, one thread inside operators and gradients of its own. Then each adds up its part of
/// the gradients, in the order of the threads.
/// </summary>
internal sealed class ReplicasExecutor(TrainingProblem problem) : Executor
{
    private const int Block = 4096; // numbers that stay in the first cache between adding them up and updating with them

    private readonly List<Replica> _replicas = [];
    private int _workers;

    public override FlatParameters Parameters { get; } = new(problem.Model);

    public override string Name => "replicas with autograd";

    public override bool SharesBatch => true;

    /// <summary>What keeps a problem from falling into images; null where it does.</summary>
    public static string? WhyNot(TrainingProblem problem) => problem switch
    {
        { Objective: { Scope: LossScope.PerBatch } objective } => $"the objective {objective.GetType().Name} looks at the batch as a whole",
        { Model.Likelihood.Scope: LossScope.PerBatch } => "the likelihood's scale is fitted to the batch as a whole",
        { Model.Scope: LossScope.PerBatch } => "the model learns from the batch as a whole",
        _ when problem.Model.ParameterCount > TensorBuffer<float>.LargestLength => "the weights are too large for one piece of memory",
        { Model.BuildAnother: null } => "the model cannot be built a second time",
        _ => null,
    };

    public override void UseTeam(WorkerTeam team)
    {
        FreedMemory.Keep(); // a network's maps are megabytes, taken and freed in every step
        _workers = team.Count;
        for (int worker = _replicas.Count; worker < _workers; worker++)
        {
            _replicas.Add(new Replica(problem, Parameters, isFirst: worker == 0));
        }
    }

    public override StepSums Backward(int worker)
    {
        (int start, int end) = WorkerTeam.Share(worker, _workers, Images.Length);
        return _replicas[worker].Backward(Images[start..end], Images.Length, Epoch, Step);
    }

    public override void SumGradients(int worker, FlatOptimizer? update)
    {
        (int start, int end) = Share(worker);
        for (int piece = start; piece < end; piece += Block)
        {
            int length = Math.Min(Block, end - piece);
            for (int other = 1; other < _workers; other++)
            {
                Vectors.Add(_replicas[other].Gradients.Slice(piece, length), Parameters.Gradients.Slice(piece, length));
            }

            update?.Update(piece, length, 1);
        }
    }

    public override (int Start, int Length)[] Pieces(int worker)
    {
        (int start, int end) = Share(worker);
        return [(start, end - start)];
    }

    public override void Dispose() => _replicas.ForEach(replica => replica.Dispose());

    private (int Start, int End) Share(int worker) => WorkerTeam.Share(worker, _workers, (int)Parameters.Length, Vectors.Width);

    /// <summary>One thread's model. The first works with the model itself and with the gradients that the optimizer takes.</summary>
    private sealed class Replica(TrainingProblem problem, FlatParameters parameters, bool isFirst) : IDisposable
    {
        // Importance weights are powers of differences of sums of hundreds of nats, and a KL by draws is a small difference of such sums:
        // float32 would leave them three digits.
        private readonly TrainingScore _score = TrainingScore.For(
            problem.Model.Likelihood,
            problem.Objective.SamplesPerImage > 1 || !problem.Model.HasClosedFormKl ? ScalarType.Float64 : ScalarType.Float32);

        private LatentModel? _model; // of the others

        public TensorBuffer<float> Gradients { get; } = isFirst ? parameters.Gradients : parameters.NewBuffer();

        /// <summary>Computes gradients and sums, on the replica's own thread.</summary>
        public StepSums Backward(ReadOnlySpan<int> images, int batch, int epoch, long step)
        {
            using IDisposable gradient = enable_grad();
            LatentModel model = Model();
            Gradients.Values.Clear(); // not freed: memory that is taken anew costs a page fault for every 4 kB
            if (images.IsEmpty)
            {
                return default;
            }

            using DisposeScope scope = NewDisposeScope();
            ObjectiveValue value = problem.Evaluate(model, problem.Loader.Load(images, epoch), epoch, step, _score);
            _score.Backward(value.Loss, 1.0 / batch);
            return StepSums.Of(value.FigureSums().to_type(ScalarType.Float64).data<double>().ToArray());
        }

        public void Dispose()
        {
            _model?.Dispose();
            if (!isFirst)
            {
                Gradients.Dispose();
            }
        }

        // Built here, on the replica's own thread, where no dispose scope of the caller's would take its weights away again.
        private LatentModel Model()
        {
            if (_model is null && !isFirst)
            {
                _model = problem.Model.BuildAnother!();
                parameters.Share(_model, Gradients);
            }

            return _model ?? problem.Model;
        }
    }
}
