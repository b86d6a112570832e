using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Engine;
using Vae.Core.Models;
using Vae.Core.Objectives;
using static TorchSharp.torch;

namespace Vae.Core.Training.Resident;

/// <summary>
/// The gradient of a batch with everything on the device: no value is read back and nothing is waited for. All draws come from the device's
/// default generator, which the caller has set for the step.
/// </summary>
/// <param name="model">What learns.</param>
/// <param name="objective">What is minimized.</param>
/// <param name="images">The training images.</param>
/// <param name="noise">The seed of what an objective draws itself.</param>
/// <param name="networkScope">A mode in which the networks compute; null for none.</param>
internal sealed class ResidentGradient(
    VariationalAutoencoder model, Objective objective, ResidentImages images, RandomStream noise, Func<IDisposable>? networkScope = null)
{
    /// <summary>Gives every parameter its gradient, anew.</summary>
    /// <param name="indices">The batch, [B] int64 on the device.</param>
    /// <param name="step">Updates done before.</param>
    /// <param name="scheduled">The objective's scheduled number [] on the device; null for that of the step.</param>
    /// <returns>Sums over the batch in nats: loss, reconstruction, KL, [3].</returns>
    public Tensor Compute(Tensor indices, long step, Tensor? scheduled = null)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor input, Tensor target) = images.Load(indices); // [B, P]
        Tensor epsilon = DeviceNoise.Normal(images.Device, objective.SamplesPerImage, indices.shape[0], model.Latent); // [K, B, D]
        ObjectiveContext context = new(step, noise with { Purpose = RandomPurpose.ObjectiveNoise }) { Scheduled = scheduled };
        ObjectiveValue value = Evaluate(() => model.TermsOf(input, target, epsilon), context);
        Tensor sums;
        using (no_grad())
        {
            sums = stack([value.Loss.sum(), value.Terms.Reconstruction().sum(), value.Terms.Kl().sum()]);
        }

        model.zero_grad();
        value.Loss.mean().backward();
        return sums.MoveToOuterDisposeScope();
    }

    // In the mode for as long as this takes: evaluations between updates are to be exact.
    private ObjectiveValue Evaluate(Func<Func<TermsRequest, ElboTerms>> encode, ObjectiveContext context)
    {
        model.NetworkScope = networkScope;
        try
        {
            return objective.Evaluate(encode(), context);
        }
        finally
        {
            model.NetworkScope = null;
        }
    }
}
