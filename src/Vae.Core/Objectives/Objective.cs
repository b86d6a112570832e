using Vae.Core.Models;
using static TorchSharp.torch;

namespace Vae.Core.Objectives;

/// <summary>What an objective makes of a batch.</summary>
/// <param name="Loss">What is minimized, in nats per image, [B].</param>
/// <param name="Terms">The terms it was made of, for the figures.</param>
public sealed record ObjectiveValue(Tensor Loss, ElboTerms Terms);

/// <summary>
/// What training minimizes, as a value: a function of the terms of the bound, never a model of its own. It asks for the terms through a
/// function, so that an estimator may have them with other gradients, or twice.
/// </summary>
public abstract record Objective
{
    /// <summary>K, the posterior's draws for each image.</summary>
    public virtual int SamplesPerImage => 1;

    /// <summary>The weight of the KL term at an update, counted from 0; 1 for objectives that have none.</summary>
    public abstract double BetaAt(long step);

    /// <summary>The loss of a batch.</summary>
    /// <param name="terms">Gives the terms; each call computes them anew from the same draws.</param>
    /// <param name="step">The update, from 0.</param>
    public abstract ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, long step);
}
