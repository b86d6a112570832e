using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Priors;
using Vae.Core.Training.Fused;

namespace Vae.Core.Training.Parallel;

/// <summary>One thread's part of a batch: its images through a replica of the model, forward and backward.</summary>
internal sealed class ParallelLane : ITeamLane
{
    private readonly VariationalAutoencoder _model;
    private readonly Objective _objective;
    private readonly FlatParameters _parameters;
    private readonly bool _isReplica;
    private readonly ScalarType _type; // of what is between the networks
    private VariationalAutoencoder? _replica;
    private LikelihoodScore? _score;

    /// <summary>Takes memory for gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isReplica">Whether to work with another model over the same weights, and with gradients of its own.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="parameters">The model's, flat.</param>
    public ParallelLane(VariationalAutoencoder model, bool isReplica, Objective objective, FlatParameters parameters)
    {
        _model = model;
        _isReplica = isReplica;
        _objective = objective;
        _parameters = parameters;
        Gradients = isReplica ? new FloatBuffer(parameters.Values.Values.Length) : parameters.Gradients;

        // Importance weights are powers of differences of sums of hundreds of nats, and a KL by draws is a small difference of such sums:
        // float32 would leave them three digits.
        bool isByDraws = objective.SamplesPerImage > 1 || model.Prior is not StandardNormalPrior;
        _type = isByDraws ? ScalarType.Float64 : ScalarType.Float32;
    }

    /// <summary>Of the lane's images, in the layout of the flat parameters.</summary>
    public FloatBuffer Gradients { get; }

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
        (VariationalAutoencoder model, LikelihoodScore score) = Own();
        Gradients.Values.Clear(); // not freed: memory that is taken anew costs a page fault for every 4 kB
        Sums = default;
        if (images.IsEmpty)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Batch loaded = loader.Load(images, epoch);
        Tensor epsilon = Noise.ForTraining(noise, epoch, step, loaded.Indices, _objective.SamplesPerImage, model.Latent, CPU).to_type(_type); // [K, b, D]
        ObjectiveContext context = new(step, noise with { Purpose = RandomPurpose.ObjectiveNoise });
        DiagonalGaussian posterior = model.Encode(loaded.Input);
        posterior = new(posterior.Mean.to_type(_type), posterior.LogVariance.to_type(_type));
        LatentDensity prior = model.Prior.Density();
        ObjectiveValue value = _objective.Evaluate(
            request => VariationalAutoencoder.Terms(posterior, prior, epsilon, latents => score.LogProbability(latents, loaded.Target), request),
            context);
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
    private (VariationalAutoencoder Model, LikelihoodScore Score) Own()
    {
        if (_replica is null)
        {
            _replica = _isReplica ? _model.BuildAnother!() : _model;
            _parameters.Share(_replica, Gradients);
            _score = LikelihoodScore.For(_replica, _type);
        }

        return (_replica, _score!);
    }

    private static StepSums Read(ObjectiveValue value)
    {
        using IDisposable noGradient = no_grad();
        return new StepSums(value.Loss.sum().ToDouble(), value.Terms.Reconstruction().sum().ToDouble(), value.Terms.Kl().sum().ToDouble());
    }
}
