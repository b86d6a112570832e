namespace Vae.Core.Training.Executors.Dense;

/// <summary>
/// The gradients of a model of dense layers on the CPU, written out: matrix products into memory taken once, everything between them
/// in single vectorized passes, values and gradients together. Threads share a batch by its images, and then the weights by their
/// rows, so that every gradient is one matrix product over the whole batch and nothing is added up across threads; only components of
/// a mixture are, in a fixed order.
/// </summary>
internal sealed class DenseExecutor(TrainingProblem problem) : Executor
{
    private readonly DenseLayout _layout = new(problem);
    private readonly Dictionary<int, DenseLane[]> _lanesBySize = [];
    private WorkerTeam _team = null!; // given before the first batch
    private DenseLane[] _lanes = [];
    private double _beta;

    public override FlatParameters Parameters => _layout.Parameters;

    public override string Name => "dense";

    public override bool SharesBatch => true;

    /// <summary>What keeps a problem from this executor; null where it takes it.</summary>
    public static string? WhyNot(TrainingProblem problem)
    {
        if (problem.Model.DenseForm is not { } form)
        {
            return "a network is not made of dense layers alone, or the prior is neither N(0, I) nor of pseudo-inputs";
        }

        DenseBlock[] blocks = [.. form.Encoder, .. form.Decoder];
        DenseBlock? unknown = blocks.FirstOrDefault(block => ActivationKernel.For(block.Activation) is null);
        long largestRow = blocks.Max(block => Math.Max(block.Map.weight.shape[0], block.Map.weight.shape[1]) * 2);
        long largestBuffer = ((long)problem.LargestBatch * problem.Objective.SamplesPerImage * largestRow) + 1;
        long largest = Math.Max(problem.Model.ParameterCount, largestBuffer);
        return unknown is not null ? $"the activation {unknown.Activation} has no kernel"
            : !LikelihoodPass.Takes(problem.Model.Likelihood) ? "the likelihood has a scale of its own"
            : problem.Objective.DenseForm is null ? $"the objective {problem.Objective.GetType().Name} has no kernel"
            : largest > TensorBuffer<float>.LargestLength ? "a batch or the weights are too large for one piece of memory"
            : null;
    }

    public override void UseTeam(WorkerTeam team)
    {
        _team = team;
        DisposeLanes();
    }

    public override void Begin(ReadOnlySpan<int> images, int epoch, long step)
    {
        base.Begin(images, epoch, step);
        _beta = problem.Objective.BetaAt(step, problem.StepsPerEpoch);
        _lanes = _lanesBySize.TryGetValue(images.Length, out DenseLane[]? lanes) ? lanes : NewLanes(images.Length);
    }

    public override StepSums Backward(int worker)
    {
        DenseLane lane = _lanes[worker];
        lane.Load(problem.Loader, Images, Epoch, problem.Noise);
        lane.Encode();
        if (_layout.PseudoInputs is not null)
        {
            _team.Meet(); // all components are ready
        }

        StepSums sums = lane.Decode(_beta);
        if (_layout.PseudoInputs is not null)
        {
            _team.Meet(); // the sums over all draws are ready, from which components have their gradients
        }

        lane.BackwardEncoder(_beta);
        return sums;
    }

    public override void SumGradients(int worker, FlatOptimizer? update) => _lanes[worker].SumGradients(update);

    public override (int Start, int Length)[] Pieces(int worker) => _lanes[worker].Pieces;

    public override void Dispose()
    {
        DisposeLanes();
        _layout.Dispose();
    }

    private void DisposeLanes()
    {
        Array.ForEach([.. _lanesBySize.Values.SelectMany(lanes => lanes)], lane => lane.Dispose());
        _lanesBySize.Clear();
    }

    // Apart, since a method with a lambda over its locals takes memory for them at each call.
    private DenseLane[] NewLanes(int images)
    {
        (int workers, DenseLane[] lanes) = (_team.Count, new DenseLane[_team.Count]);
        for (int worker = 0; worker < workers; worker++)
        {
            lanes[worker] = new DenseLane(_layout, worker, workers, images, WorkerTeam.Share(worker, workers, images));
        }

        Array.ForEach(lanes, lane => lane.Join(lanes));
        _lanesBySize.Add(images, lanes);
        return lanes;
    }
}
