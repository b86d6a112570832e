using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Priors;
using static TorchSharp.torch;

namespace Vae.Core.Training.Fused;

/// <summary>
/// The update of a model of dense layers on the CPU, written out: matrix products into memory taken once, everything between them in single
/// vectorized passes, values and gradients together. Threads share a batch by its images, and then the weights by their rows, so that every
/// gradient is one matrix product over the whole batch and nothing is added up across threads; only components of a mixture are, in a fixed
/// order. Results for a number of workers are the same bits from run to run.
/// </summary>
internal sealed class FusedTrainStep : TrainStep
{
    private readonly FusedModel _model;
    private readonly FusedObjective _objective;
    private readonly FusedOptimizer _optimizer;
    private readonly BatchLoader _loader;
    private readonly RandomStream _noise;
    private readonly Dictionary<int, FusedLane[]> _lanesBySize = [];
    private readonly Action<int> _work;
    private readonly int[] _images;
    private readonly double[] _klSums;
    private readonly float[] _klWeights;
    private WorkerTeam _team;
    private FusedLane[] _lanes = [];
    private int _count;
    private int _epoch;
    private long _step;
    private double _klWeight;

    /// <summary>Takes memory and starts the threads.</summary>
    /// <param name="model">The layout of the model; owned from here on.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="optimizer">Over the layout's parameters.</param>
    /// <param name="loader">The training images.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    /// <param name="workers">Threads.</param>
    public FusedTrainStep(
        FusedModel model, FusedObjective objective, FusedOptimizer optimizer, BatchLoader loader, RandomStream noise, int workers)
    {
        _model = model;
        _objective = objective;
        _optimizer = optimizer;
        _loader = loader;
        _noise = noise;
        _team = new WorkerTeam(workers);
        _work = Work;
        _images = new int[model.Batch];
        _klSums = new double[model.Latent];
        _klWeights = new float[model.Latent];
    }

    /// <inheritdoc/>
    public override string Description => _team.Count == 1 ? "fused, 1 worker" : $"fused, {_team.Count} workers";

    /// <inheritdoc/>
    public override int Workers
    {
        get => _team.Count;
        set
        {
            if (value != _team.Count)
            {
                WorkerTeam team = new(value);
                DisposeLanes();
                _team.Dispose();
                _team = team;
            }
        }
    }

    /// <summary>Why there is no fused step for a model, an objective and a batch size; null where there is one.</summary>
    public static string? Obstacle(VariationalAutoencoder model, Objective objective, int batch)
    {
        if (FusedModel.Obstacle(model) is { } obstacle)
        {
            return obstacle;
        }

        if (ObjectiveOf(model, objective) is not { } fused)
        {
            return $"the objective {objective.GetType().Name} has no kernel for this prior";
        }

        long largestRow = model.Encoder.DenseBlocks!.Concat(model.Decoder.DenseBlocks!).Max(block => Math.Max(block.Map.weight.shape[0], block.Map.weight.shape[1]) * 2);
        long largest = Math.Max(model.ParameterCount, ((long)batch * fused.Draws * largestRow) + 1);
        return largest > FloatBuffer.LargestLength ? "a batch or the weights are too large for one piece of memory" : null;
    }

    /// <summary>The objective's form for a model; null where it has none.</summary>
    public static FusedObjective? ObjectiveOf(VariationalAutoencoder model, Objective objective) =>
        FusedObjective.For(objective, hasClosedFormKl: model.Prior is StandardNormalPrior);

    /// <summary>Whether all gradients of an update are there after it, for those who want to look; else they may be kept nowhere.</summary>
    public bool KeepsGradients { get; set; }

    /// <summary>The gradients of the last update by the parameters' names, where they are kept.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Gradients() => _model.Parameters.Views(_model.Parameters.Gradients);

    /// <inheritdoc/>
    public override StepSums Run(ReadOnlySpan<int> images, int epoch, long step)
    {
        images.CopyTo(_images);
        _count = images.Length;
        _epoch = epoch;
        _step = step;
        _klWeight = _objective.Weight(step);
        _lanes = Lanes(images.Length);
        _optimizer.Begin();
        _team.Run(_work);
        return Sums();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _team.Dispose();
            DisposeLanes();
            _model.Dispose();
        }

        base.Dispose(disposing);
    }

    private void DisposeLanes()
    {
        Array.ForEach([.. _lanesBySize.Values.SelectMany(lanes => lanes)], lane => lane.Dispose());
        _lanesBySize.Clear();
    }

    private StepSums Sums()
    {
        double loss = 0;
        double reconstruction = 0;
        double kl = 0;
        Array.Clear(_klSums);
        foreach (FusedLane lane in _lanes)
        {
            loss += lane.Sums.Loss;
            reconstruction += lane.Sums.Reconstruction;
            kl += lane.Sums.Kl;
            lane.AddKlTo(_klSums);
        }

        return new StepSums(loss + ClosedFormCharge(_klSums, _klWeights), reconstruction, kl);
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
            kl /= _count;
        }

        double charge = _objective.Charge(_step, klSums, weights);
        Vectors.Scale(weights, 1f / _count);
        return charge * _count;
    }

    private FusedLane[] Lanes(int images)
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
        FusedLane[] lanes = [.. Enumerable.Range(0, _team.Count).Select(worker => new FusedLane(_model, worker, _team.Count, images))];
        Array.ForEach(lanes, lane => lane.Join(lanes));
        return lanes;
    }

    private void Work(int worker)
    {
        FusedLane lane = _lanes[worker];
        lane.Load(_loader, _images.AsSpan(0, _count), _epoch, _objective.IsDeterministic ? null : _noise);
        lane.PrepareComponents();
        lane.Encode();
        if (_objective.LooksAtBatch || _model.Components is not null)
        {
            _team.Meet(); // all images are encoded, and all components ready
        }

        lane.Decode(_objective, _klWeight);
        if (_model.Components is not null)
        {
            _team.Meet(); // all draws have said what they have to say of the components
            lane.ReduceComponents();
        }

        ClosedFormCharge(lane.SumKl(wholeBatch: _objective.LooksAtBatch), lane.KlWeights);
        lane.BackwardEncoder(_objective, _klWeight);
        _team.Meet(); // all gradients of products are there
        if (KeepsGradients || _optimizer.GradientClip > 0)
        {
            lane.ComputeWeightGradients(withSquares: _optimizer.GradientClip > 0);
            lane.Update(_optimizer, ClipFactor());
        }
        else
        {
            lane.ComputeWeightGradientsAndUpdate(_optimizer);
        }
    }

    private float ClipFactor()
    {
        if (_optimizer.GradientClip == 0)
        {
            return 1;
        }

        _team.Meet(); // all gradients of weights are there
        double squares = 0;
        foreach (FusedLane lane in _lanes)
        {
            squares += lane.GradientSquares;
        }

        return _optimizer.ClipFactor(squares);
    }
}
