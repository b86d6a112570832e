using Vae.Core.Models;
using static TorchSharp.torch;

namespace Vae.Core.Objectives;

/// <summary>
/// −(E_q[log p(x|z)] − β·KL(q‖p)) per example: the negative evidence lower bound for β = 1 (Kingma and Welling 2014),
/// β-VAE otherwise (Higgins et al. 2017), a deterministic autoencoder's loss for β = 0.
/// </summary>
/// <param name="Schedule">β over the steps.</param>
public sealed record ElboObjective(BetaSchedule Schedule)
{
    /// <summary>The loss to minimize, in nats per image.</summary>
    /// <param name="terms">The terms of the bound.</param>
    /// <param name="step">The update, from 0.</param>
    /// <returns>[B].</returns>
    public Tensor Loss(ElboTerms terms, long step) =>
        (Schedule.At(step) * terms.KlPerExample()) - terms.Reconstruction();
}
