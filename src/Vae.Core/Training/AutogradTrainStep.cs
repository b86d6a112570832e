using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using Vae.Core.Training.Optimizers;

namespace Vae.Core.Training;

/// <summary>The update as one would write it on paper; gradients by the tensor library.</summary>
/// <param name="model">What learns.</param>
/// <param name="objective">What is minimized.</param>
/// <param name="optimizer">How gradients become updates.</param>
/// <param name="loader">The training images.</param>
/// <param name="noise">Where the posterior's draws come from; the objective's own have its seed.</param>
/// <param name="stepsPerEpoch">Updates in an epoch.</param>
/// <param name="device">Where the model lives.</param>
internal sealed class AutogradTrainStep(
    LatentModel model, Objective objective, FlatOptimizer optimizer, BatchLoader loader, RandomStream noise, int stepsPerEpoch, Device device) : TrainStep
{
    /// <inheritdoc/>
    public override string Description => Workers == 1 ? "autograd, 1 thread" : $"autograd, {Workers} threads inside operators";

    /// <inheritdoc/>
    public override int Workers
    {
        get => get_num_threads();
        set => set_num_threads(value);
    }

    /// <inheritdoc/>
    public override StepSums Run(ReadOnlySpan<int> images, int epoch, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch batch = loader.Load(images, epoch).To(model.parameters().First().dtype); // float64 where the last digits matter
        TrainingDraws draws = new(noise, epoch, step, batch.Indices, objective.SamplesPerImage, device);
        ObjectiveContext context = new(step, stepsPerEpoch, loader.Images.Count, noise with { Purpose = RandomPurpose.ObjectiveNoise });
        ObjectiveValue value = objective.Evaluate(model.Infer(batch), draws, context);
        Tensor sums = value.FigureSums().to_type(ScalarType.Float32); // before the update, which changes a learned prior's density
        optimizer.Parameters.Gradients.Tensor.zero_();
        value.Loss.mean().backward();
        optimizer.Step();
        return StepSums.On(sums.DetachFromDisposeScope());
    }
}
