using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Training;
using Vae.Core.Training.Fused;
using Vae.Core.Training.Optimizers;
using Vae.Core.Training.Parallel;
using Vae.Core.Training.Resident;

namespace Vae.Core.Composition;

/// <summary>A training step with its optimizer.</summary>
/// <param name="Step">One update.</param>
/// <param name="Optimizer">How its gradients become updates.</param>
/// <param name="Reason">Why it is this step, in words.</param>
internal sealed record StepParts(TrainStep Step, FlatOptimizer Optimizer, string Reason) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Step.Dispose();
        Optimizer.Dispose();
    }
}

/// <summary>Chooses how updates are computed: the one place that knows which step is for which model.</summary>
internal static class StepFactory
{
    /// <summary>The fastest step there is for a model, with one thread.</summary>
    /// <param name="train">The batch size and the optimizer.</param>
    /// <param name="model">On its final device, with its first weights.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="loader">The training images.</param>
    /// <param name="device">Where the model lives.</param>
    public static StepParts Build(
        TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader, ComputeDevice device)
    {
        if (!device.IsCpu)
        {
            return OnDevice(train, model, objective, loader, device);
        }

        if (FusedTrainStep.Obstacle(model, objective, Math.Min(train.BatchSize, loader.Images.Count)) is not { } notFused)
        {
            return Fused(train, model, objective, loader);
        }

        return ParallelTrainStep.Obstacle(model, objective) is { } notParallel
            ? Readable(train, model, objective, loader, device) with { Reason = $"{notFused}; {notParallel}" }
            : Parallel(train, model, objective, loader) with { Reason = notFused };
    }

    /// <summary>The step as one would write it on paper, whatever the model.</summary>
    /// <param name="train">The batch size and the optimizer.</param>
    /// <param name="model">On its final device, with its first weights.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="loader">The training images.</param>
    /// <param name="device">Where the model lives.</param>
    public static StepParts Readable(
        TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader, ComputeDevice device)
    {
        FlatOptimizer optimizer = new(new FlatParameters(model), train);
        return new StepParts(new AutogradTrainStep(model, objective, optimizer, loader, Noise(train), StepsPerEpoch(train, loader), device.Device), optimizer, "asked for");
    }

    private static StepParts Fused(TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader)
    {
        FusedObjective fused = FusedTrainStep.ObjectiveOf(model, objective, StepsPerEpoch(train, loader))!;
        FusedModel layout = new(model, Math.Min(train.BatchSize, loader.Images.Count), fused.Draws, loader.TargetIsInput);
        FlatOptimizer optimizer = new(layout.Parameters, train);
        return new StepParts(new FusedTrainStep(layout, fused, optimizer, loader, Noise(train)), optimizer, "dense layers");
    }

    private static StepParts Parallel(TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader)
    {
        FlatParameters parameters = new(model);
        FlatOptimizer optimizer = new(parameters, train);
        return new StepParts(new ParallelTrainStep(model, objective, parameters, optimizer, loader, Noise(train), StepsPerEpoch(train, loader)), optimizer, "replicas");
    }

    private static StepParts OnDevice(
        TrainConfiguration train, VariationalAutoencoder model, Objective objective, BatchLoader loader, ComputeDevice device)
    {
        if (!ResidentImages.Fit(loader.Images, loader.Transform))
        {
            return Readable(train, model, objective, loader, device) with { Reason = "images that cannot be kept on the device" };
        }

        FlatOptimizer optimizer = new(new FlatParameters(model), train);
        ResidentTrainStep step = new(model, objective, optimizer, loader.Images, loader.Transform, Noise(train), StepsPerEpoch(train, loader));
        return new StepParts(step, optimizer, "images kept on the device");
    }

    private static int StepsPerEpoch(TrainConfiguration train, BatchLoader loader) => BatchOrder.BatchCount(loader.Images.Count, train.BatchSize);

    private static RandomStream Noise(TrainConfiguration train) => new((ulong)train.Seed, RandomPurpose.PosteriorNoise);
}
