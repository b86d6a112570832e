using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using static TorchSharp.torch;

namespace Vae.Core.Training.Resident;

/// <summary>
/// Updates with images, order, draws and optimizer on the device. The host sends work and a few numbers, and waits for nothing; whoever wants
/// the figures reads many of them at once.
/// </summary>
public sealed class ResidentTrainStep : TrainStep
{
    private readonly ModelOptimizer _optimizer;
    private readonly ResidentGradient _gradient;
    private readonly ResidentImages _images;
    private readonly ResidentOrder _order;
    private readonly RandomStream _noise;
    private readonly RecordedUpdate? _recorded;

    /// <summary>Copies the images to the model's device.</summary>
    /// <param name="model">What learns, on its device.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="optimizer">How gradients become updates; a <see cref="CapturableAdam"/> where <paramref name="recording"/> is given.</param>
    /// <param name="images">The training images, which <see cref="ResidentImages.Fit"/>.</param>
    /// <param name="transform">How pixels become input and target.</param>
    /// <param name="noise">Where the device's draws have their seeds from; its seed is the run's.</param>
    /// <param name="networkScope">A mode in which the networks compute, automatic casts say; null for none.</param>
    /// <param name="recording">To launch updates as recorded work; null for not.</param>
    public ResidentTrainStep(
        VariationalAutoencoder model,
        Objective objective,
        ModelOptimizer optimizer,
        ImageSet images,
        PixelTransform transform,
        RandomStream noise,
        Func<IDisposable>? networkScope = null,
        Recording? recording = null)
    {
        Device device = model.parameters().First().device;
        _optimizer = optimizer;
        _noise = noise;
        _images = new ResidentImages(images, transform, device);
        _order = new ResidentOrder(noise.Seed, images.Count, device);
        _gradient = new ResidentGradient(model, objective, _images, noise, networkScope);
        _recorded = recording is null ? null : new RecordedUpdate(
            model, objective, _gradient, (CapturableAdam)optimizer, recording.Graphs, device, noise, recording.BatchSize, recording.Notice);
    }

    /// <inheritdoc/>
    public override string Description => _recorded is null ? "autograd, images on the device" : "autograd, images on the device, CUDA graph";

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
        Tensor indices = _order.Of(images, epoch);
        Tensor sums = _recorded?.Run(indices, step) ?? AsUsual(indices, step);
        return StepSums.On(sums.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _recorded?.Dispose();
            _order.Dispose();
            _images.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor AsUsual(Tensor indices, long step)
    {
        DeviceNoise.Seed(_noise, step);
        Tensor sums = _gradient.Compute(indices, step);
        _optimizer.Step();
        return sums;
    }
}

/// <summary>How updates are to be recorded.</summary>
/// <param name="Graphs">What records.</param>
/// <param name="BatchSize">Images in a whole batch.</param>
/// <param name="Notice">Told in one line when updates are recorded, or why not.</param>
public sealed record Recording(IStepGraphs Graphs, int BatchSize, Action<string> Notice);
