using Vae.Core.Training.Optimizers;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Likelihoods;
using Vae.Core.Models;
using Vae.Core.Objectives;

namespace Vae.Core.Training.Parallel;

/// <summary>
/// The update of any model on the CPU whose loss is a mean over images, with the tensor library's gradients: threads share a batch by its
/// images, each with a replica of the model over the same weights, one thread inside operators and gradients of its own. Then each adds up its
/// part of the gradients, in the order of the threads, and updates those weights. Results for a number of workers are the same bits from run
/// to run.
/// </summary>
internal sealed class ParallelTrainStep : TeamTrainStep
{
    private const int Block = 4096; // numbers that stay in the first cache between adding them up and updating with them

    private readonly LatentModel _model;
    private readonly Objective _objective;
    private readonly FlatParameters _parameters;
    private readonly int _stepsPerEpoch;
    private readonly List<ParallelLane> _lanes = [];

    /// <summary>Starts with one worker.</summary>
    /// <param name="model">What learns.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="parameters">The model's, flat.</param>
    /// <param name="optimizer">Over those parameters.</param>
    /// <param name="loader">The training images.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    public ParallelTrainStep(
        LatentModel model, Objective objective, FlatParameters parameters, FlatOptimizer optimizer, BatchLoader loader, RandomStream noise, int stepsPerEpoch)
        : base(optimizer, loader, noise)
    {
        _model = model;
        _objective = objective;
        _parameters = parameters;
        _stepsPerEpoch = stepsPerEpoch;
        AddLanes(1);
        FreedMemory.Keep(); // a network's maps are megabytes, taken and freed in every step
    }

    /// <inheritdoc/>
    protected override string Kind => "replicas with autograd";

    /// <inheritdoc/>
    protected override IReadOnlyList<ITeamLane> Lanes => _lanes;

    /// <summary>Why a model and an objective do not fall into images; null where they do.</summary>
    public static string? Obstacle(LatentModel model, Objective objective)
    {
        if (objective.Scope == LossScope.PerBatch)
        {
            return $"the objective {objective.GetType().Name} looks at the batch as a whole";
        }

        if (model.Scope == LossScope.PerBatch)
        {
            return "the likelihood's scale is fitted to the batch as a whole";
        }

        if (model.ParameterCount > TensorBuffer<float>.LargestLength)
        {
            return "the weights are too large for one piece of memory";
        }

        return model.BuildAnother is null ? "the model cannot be built a second time" : null;
    }

    /// <inheritdoc/>
    protected override void Work(int worker)
    {
        (int start, int end) = WorkerTeam.Share(worker, Team.Count, Images.Length);
        _lanes[worker].Compute(Loader, Images[start..end], Images.Length, Noise, Epoch, Step);
        Team.Meet(); // all gradients are there
        (start, end) = WorkerTeam.Share(worker, Team.Count, _parameters.Values.Values.Length, Vectors.Width);
        if (Optimizer.GradientClip == 0)
        {
            for (int piece = start; piece < end; piece += Block)
            {
                int length = Math.Min(Block, end - piece);
                AddUp(piece, length);
                Optimizer.Update(piece, length, 1);
            }

            return;
        }

        AddUp(start, end - start);
        _lanes[worker].GradientSquares = Vectors.SumOfSquares(_parameters.Gradients.Slice(start, end - start));
        Optimizer.Update(start, end - start, ClipFactor());
    }

    /// <inheritdoc/>
    protected override void TeamChanged() => AddLanes(Team.Count);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _lanes.ForEach(lane => lane.Dispose());
        }
    }

    private void AddLanes(int count)
    {
        for (int worker = _lanes.Count; worker < count; worker++)
        {
            // The first works with the model itself and with the gradients that the optimizer takes.
            _lanes.Add(new ParallelLane(_model, worker > 0, _objective, _parameters, _stepsPerEpoch));
        }
    }

    private void AddUp(int start, int length)
    {
        for (int other = 1; other < Team.Count; other++)
        {
            Vectors.Add(_lanes[other].Gradients.Slice(start, length), _parameters.Gradients.Slice(start, length));
        }
    }
}
