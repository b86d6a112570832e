using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Training.Optimizers;

namespace Vae.Core.Training.Resident;

/// <summary>
/// Updates with images, order, draws and optimizer on the device. The host sends work and a few numbers, and waits for nothing; whoever wants
/// the figures reads many of them at once.
/// </summary>
internal sealed class ResidentTrainStep : TrainStep
{
    private readonly LatentModel _model;
    private readonly int _stepsPerEpoch;
    private readonly Objective _objective;
    private readonly FlatOptimizer _optimizer;
    private readonly ResidentImages _images;
    private readonly ResidentOrder _order;
    private readonly RandomStream _noise;

    /// <summary>Copies the images to the model's device.</summary>
    /// <param name="model">What learns, on its device.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="optimizer">How gradients become updates.</param>
    /// <param name="images">The training images, which <see cref="ResidentImages.Fit"/>.</param>
    /// <param name="transform">How pixels become input and target.</param>
    /// <param name="noise">Where the device's draws have their seeds from; its seed is the run's.</param>
    /// <param name="stepsPerEpoch">Updates in an epoch.</param>
    public ResidentTrainStep(
        LatentModel model, Objective objective, FlatOptimizer optimizer, ImageSet images, PixelTransform transform, RandomStream noise, int stepsPerEpoch)
    {
        Device device = model.parameters().First().device;
        _model = model;
        _objective = objective;
        _optimizer = optimizer;
        _noise = noise;
        _stepsPerEpoch = stepsPerEpoch;
        _images = new ResidentImages(images, transform, device);
        _order = new ResidentOrder(noise.Seed, images.Count, device);
    }

    /// <inheritdoc/>
    public override string Description => "autograd, images on the device";

    /// <summary>Threads of the host, which only sends work.</summary>
    public override int Workers
    {
        get => get_num_threads();
        set => set_num_threads(value);
    }

    /// <inheritdoc/>
    public override StepSums Run(ReadOnlySpan<int> images, int epoch, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor indices = _order.Of(images, epoch); // [B]
        DeviceNoise.Seed(_noise with { Purpose = RandomPurpose.Binarization }, step);
        Batch batch = _images.Load(indices, images);
        TrainingDraws draws = new(_noise, epoch, step, batch.Indices, _objective.SamplesPerImage, _images.Device);
        ObjectiveContext context = new(step, _stepsPerEpoch, _images.Count, _noise with { Purpose = RandomPurpose.ObjectiveNoise });
        ObjectiveValue value = _objective.Evaluate(_model.Infer(batch), draws, context);
        Tensor sums = value.FigureSums();
        _optimizer.Parameters.Gradients.Tensor.zero_();
        value.Loss.mean().backward();
        _optimizer.Step();
        return StepSums.On(sums.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _order.Dispose();
            _images.Dispose();
        }

        base.Dispose(disposing);
    }
}
