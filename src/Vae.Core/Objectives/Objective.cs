using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>What an objective makes of a batch.</summary>
/// <param name="Loss">What is minimized, in nats per image, [B]; its mean over the batch has the gradient.</param>
/// <param name="Terms">The terms it was made of, for the figures.</param>
public sealed record ObjectiveValue(Tensor Loss, ElboTerms Terms);

/// <summary>What an objective may know of the update besides the terms.</summary>
/// <param name="Step">The update, counted from 0.</param>
/// <param name="Noise">Where it draws from, with the step as the outer counter.</param>
public sealed record ObjectiveContext(long Step, RandomStream Noise)
{
    /// <summary>Draws from p(z), on the device and of the type of the example.</summary>
    /// <param name="prior">p(z).</param>
    /// <param name="count">N.</param>
    /// <param name="like">A tensor […, D] to be like.</param>
    /// <returns>[N, D].</returns>
    public Tensor DrawPrior(LatentDensity prior, long count, Tensor like)
    {
        Tensor normal = Engine.Noise.Normal(Noise, Step, 0, like.device, count, like.shape[^1]).to_type(like.dtype); // [N, D]
        Tensor uniform = Engine.Noise.Uniform(Noise, Step, 1, like.device, count).to_type(like.dtype);               // [N]
        return prior.Sample(normal, uniform, temperature: 1);
    }
}

/// <summary>
/// What training minimizes, as a value: a function of the terms of the bound, never a model of its own. It asks for the terms through a
/// function, so that an estimator may have them with other gradients, or twice.
/// </summary>
public abstract record Objective
{
    /// <summary>K, the posterior's draws for each image.</summary>
    public virtual int SamplesPerImage => 1;

    /// <summary>Whether latents are the posterior's means and nothing is drawn; the KL term then has no part in the loss.</summary>
    public virtual bool IsDeterministic => false;

    /// <summary>The weight of the KL term at an update, counted from 0; 1 for objectives that have none.</summary>
    public abstract double BetaAt(long step);

    /// <summary>The loss of a batch.</summary>
    /// <param name="terms">Gives the terms; each call computes them anew from the same draws.</param>
    /// <param name="context">The update, and where to draw from.</param>
    public abstract ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, ObjectiveContext context);

    /// <summary>
    /// The loss that the mean terms of a whole set amount to, in nats per image, for the figures of an evaluation. Parts of a loss that only
    /// a training batch has (several draws, a total correlation, a discrepancy) are not in it.
    /// </summary>
    /// <param name="reconstruction">Mean of E_q[log p(x|z)].</param>
    /// <param name="kl">Mean of KL(q‖p).</param>
    /// <param name="klPerDimension">The same for each latent dimension, [D].</param>
    /// <param name="step">The update, counted from 0.</param>
    public virtual double LossOf(double reconstruction, double kl, IReadOnlyList<double> klPerDimension, long step) =>
        (BetaAt(step) * kl) - reconstruction;
}
