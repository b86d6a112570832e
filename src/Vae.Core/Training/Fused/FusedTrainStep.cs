using Vae.Core.Training.Optimizers;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;

namespace Vae.Core.Training.Fused;

/// <summary>
/// The update of a model of dense layers on the CPU, written out: matrix products into memory taken once, everything between them in single
/// vectorized passes, values and gradients together. Threads share a batch by its images, and then the weights by their rows, so that every
/// gradient is one matrix product over the whole batch and nothing is added up across threads; only components of a mixture are, in a fixed
/// order. Results for a number of workers are the same bits from run to run.
/// </summary>
internal sealed class FusedTrainStep : TeamTrainStep
{
    private readonly FusedModel _model;
    private readonly FusedObjective _objective;
    private readonly Dictionary<int, FusedLane[]> _lanesBySize = [];
    private readonly double[] _klSums;
    private readonly float[] _klWeights;
    private FusedLane[] _lanes = [];
    private double _klWeight;

    /// <summary>Starts with one worker.</summary>
    /// <param name="model">The layout of the model; owned from here on.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="optimizer">Over the layout's parameters.</param>
    /// <param name="loader">The training images.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    public FusedTrainStep(FusedModel model, FusedObjective objective, FlatOptimizer optimizer, BatchLoader loader, RandomStream noise)
        : base(optimizer, loader, noise)
    {
        _model = model;
        _objective = objective;
        _klSums = new double[model.Latent];
        _klWeights = new float[model.Latent];
    }

    /// <inheritdoc/>
    protected override string Kind => "fused";

    /// <inheritdoc/>
    protected override IReadOnlyList<ITeamLane> Lanes => _lanes;

    /// <summary>Why there is no fused step for a model, an objective and a batch size; null where there is one.</summary>
    public static string? Obstacle(VariationalAutoencoder model, Objective objective, int batch)
    {
        if (FusedModel.Obstacle(model) is { } obstacle)
        {
            return obstacle;
        }

        if (ObjectiveOf(model, objective, stepsPerEpoch: 1) is not { } fused)
        {
            return $"the objective {objective.GetType().Name} has no kernel for this prior";
        }

        long largestRow = model.Encoder.DenseBlocks!.Concat(model.Decoder.DenseBlocks!).Max(block => Math.Max(block.Map.weight.shape[0], block.Map.weight.shape[1]) * 2);
        long largest = Math.Max(model.ParameterCount, ((long)batch * fused.Draws * largestRow) + 1);
        return largest > TensorBuffer<float>.LargestLength ? "a batch or the weights are too large for one piece of memory" : null;
    }

    /// <summary>The objective's form for a model; null where it has none.</summary>
    public static FusedObjective? ObjectiveOf(VariationalAutoencoder model, Objective objective, int stepsPerEpoch) =>
        FusedObjective.For(objective, model.HasClosedFormKl, stepsPerEpoch);

    /// <summary>Whether all gradients of an update are there after it, for those who want to look; else they may be kept nowhere.</summary>
    public bool KeepsGradients { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _klWeight = _objective.Weight(Step);
        _lanes = LanesOf(Images.Length);
    }

    /// <inheritdoc/>
    protected override void TeamChanged() => DisposeLanes();

    /// <inheritdoc/>
    protected override void Work(int worker)
    {
        FusedLane lane = _lanes[worker];
        lane.Load(Loader, Images, Epoch, _objective.IsDeterministic ? null : Noise);
        lane.PrepareComponents();
        lane.Encode();
        if (_objective.LooksAtBatch || _model.Components is not null)
        {
            Team.Meet(); // all images are encoded, and all components ready
        }

        lane.Decode(_objective, _klWeight);
        if (_model.Components is not null)
        {
            Team.Meet(); // all draws have said what they have to say of the components
            lane.ReduceComponents();
        }

        ClosedFormCharge(lane.SumKl(wholeBatch: _objective.LooksAtBatch), lane.KlWeights);
        lane.BackwardEncoder(_objective, _klWeight);
        Team.Meet(); // all gradients of products are there
        if (KeepsGradients || Optimizer.GradientClip > 0)
        {
            lane.ComputeWeightGradients(withSquares: Optimizer.GradientClip > 0);
            lane.Update(Optimizer, ClipFactor());
        }
        else
        {
            lane.ComputeWeightGradientsAndUpdate(Optimizer);
        }
    }

    /// <inheritdoc/>
    protected override StepSums Sums()
    {
        Array.Clear(_klSums);
        foreach (FusedLane lane in _lanes)
        {
            lane.AddKlTo(_klSums);
        }

        StepSums sums = base.Sums();
        return new StepSums(sums.Loss + ClosedFormCharge(_klSums, _klWeights), sums.Reconstruction, sums.Kl);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            DisposeLanes();
            _model.Dispose();
        }
    }

    private void DisposeLanes()
    {
        Array.ForEach([.. _lanesBySize.Values.SelectMany(lanes => lanes)], lane => lane.Dispose());
        _lanesBySize.Clear();
    }

    // What the batch pays for its KL where that is in closed form, and the weight of each dimension's KL of an image.
    private double ClosedFormCharge(Span<double> klSums, Span<float> weights)
    {
        if (_model.Components is not null)
        {
            weights.Clear();
            return 0; // paid draw by draw
        }

        foreach (ref double kl in klSums)
        {
            kl /= Images.Length;
        }

        double charge = _objective.Charge(Step, klSums, weights);
        Vectors.Scale(weights, 1f / Images.Length);
        return charge * Images.Length;
    }

    private FusedLane[] LanesOf(int images)
    {
        if (!_lanesBySize.TryGetValue(images, out FusedLane[]? lanes))
        {
            lanes = NewLanes(images);
            _lanesBySize.Add(images, lanes);
        }

        return lanes;
    }

    // Apart, since a method with a lambda over its arguments takes memory for them at each call.
    private FusedLane[] NewLanes(int images)
    {
        FusedLane[] lanes = [.. Enumerable.Range(0, Team.Count).Select(worker => new FusedLane(_model, worker, Team.Count, images))];
        Array.ForEach(lanes, lane => lane.Join(lanes));
        return lanes;
    }
}
