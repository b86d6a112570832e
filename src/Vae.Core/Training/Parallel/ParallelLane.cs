using Vae.Core.Training.Optimizers;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;

namespace Vae.Core.Training.Parallel;

/// <summary>One thread's part of a batch: its images through a replica of the model, forward and backward.</summary>
internal sealed class ParallelLane : ITeamLane
{
    private readonly LatentModel _model;
    private readonly Objective _objective;
    private readonly FlatParameters _parameters;
    private readonly bool _isReplica;
    private readonly int _stepsPerEpoch;
    private readonly ScalarType _type; // of what is between the networks
    private LatentModel? _replica;
    private TrainingScore? _score;

    /// <summary>Takes memory for gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isReplica">Whether to work with another model over the same weights, and with gradients of its own.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="parameters">The model's, flat.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    public ParallelLane(LatentModel model, bool isReplica, Objective objective, FlatParameters parameters, int stepsPerEpoch)
    {
        _model = model;
        _isReplica = isReplica;
        _stepsPerEpoch = stepsPerEpoch;
        _objective = objective;
        _parameters = parameters;
        Gradients = isReplica ? parameters.NewBuffer() : parameters.Gradients;

        // Importance weights are powers of differences of sums of hundreds of nats, and a KL by draws is a small difference of such sums:
        // float32 would leave them three digits.
        bool isByDraws = objective.SamplesPerImage > 1 || !model.HasClosedFormKl;
        _type = isByDraws ? ScalarType.Float64 : ScalarType.Float32;
    }

    /// <summary>Of the lane's images, in the layout of the flat parameters.</summary>
    public TensorBuffer<float> Gradients { get; }

    /// <summary>Sums over the lane's images.</summary>
    public StepSums Sums { get; private set; }

    /// <summary>Σ of the squares of the gradients that the lane has added up.</summary>
    public double GradientSquares { get; set; }

    /// <summary>Computes the gradients and the sums; on the lane's own thread.</summary>
    /// <param name="loader">The training images.</param>
    /// <param name="images">The lane's, by index in the training set.</param>
    /// <param name="batch">Images in the whole batch.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    /// <param name="epoch">The epoch under way.</param>
    /// <param name="step">Updates done before.</param>
    public void Compute(BatchLoader loader, ReadOnlySpan<int> images, int batch, RandomStream noise, int epoch, long step)
    {
        using IDisposable gradient = enable_grad();
        (LatentModel model, TrainingScore score) = Own();
        Gradients.Values.Clear(); // not freed: memory that is taken anew costs a page fault for every 4 kB
        Sums = default;
        if (images.IsEmpty)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Batch loaded = loader.Load(images, epoch);
        TrainingDraws draws = new(noise, epoch, step, loaded.Indices, _objective.SamplesPerImage, CPU);
        ObjectiveContext context = new(step, _stepsPerEpoch, loader.Images.Count, noise with { Purpose = RandomPurpose.ObjectiveNoise });
        ObjectiveValue value = _objective.Evaluate(model.Infer(loaded, new Given { Score = score }), draws, context);
        Sums = Read(value);
        score.Backward(value.Loss, 1.0 / batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isReplica)
        {
            _replica?.Dispose();
            Gradients.Dispose();
        }
    }

    // Built here, on the lane's own thread, where no dispose scope of the caller's would take its weights away again.
    private (LatentModel Model, TrainingScore Score) Own()
    {
        if (_replica is null)
        {
            _replica = _isReplica ? _model.BuildAnother!() : _model;
            _parameters.Share(_replica, Gradients);
            _score = TrainingScore.For(_replica.Likelihood, _type);
        }

        return (_replica, _score!);
    }

    private static StepSums Read(ObjectiveValue value) => StepSums.Of(value.FigureSums().to_type(ScalarType.Float64).data<double>().ToArray());
}
