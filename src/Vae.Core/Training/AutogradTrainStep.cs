using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using static TorchSharp.torch;

namespace Vae.Core.Training;

/// <summary>The update as one would write it on paper; gradients by the tensor library.</summary>
/// <param name="model">What learns.</param>
/// <param name="objective">What is minimized.</param>
/// <param name="optimizer">How gradients become updates.</param>
/// <param name="noise">Where the posterior's draws come from; the objective's own have its seed.</param>
/// <param name="device">Where the model lives.</param>
public sealed class AutogradTrainStep(
    VariationalAutoencoder model, Objective objective, ModelOptimizer optimizer, RandomStream noise, Device device) : TrainStep
{
    /// <inheritdoc/>
    public override Tensor Run(ImageBatch batch, int epoch, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        int draws = objective.SamplesPerImage;
        Tensor epsilon = Noise.ForTraining(noise, epoch, step, batch.Indices, draws, model.Latent, device); // [K, B, D]
        ObjectiveContext context = new(step, noise with { Purpose = RandomPurpose.ObjectiveNoise });
        ObjectiveValue value = objective.Evaluate(request => model.Terms(batch.Input, batch.Target, epsilon, request), context);
        Tensor sums;
        using (no_grad())
        {
            // Before the update: a learned prior's density stands on the very tensors that the update changes.
            sums = stack([value.Loss.sum(), value.Terms.Reconstruction().sum(), value.Terms.Kl().sum()]);
        }

        optimizer.ZeroGradient();
        value.Loss.mean().backward();
        optimizer.Step();
        return sums.MoveToOuterDisposeScope();
    }
}
