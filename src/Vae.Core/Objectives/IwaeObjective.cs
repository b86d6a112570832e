using Vae.Core.Models;

namespace Vae.Core.Objectives;

/// <summary>How the gradient of the importance-weighted bound is estimated. All have the same value.</summary>
public enum IwaeGradient
{
    /// <summary>That of the bound's own formula (Burda et al. 2015). The encoder's part loses its signal as K grows.</summary>
    Standard,

    /// <summary>
    /// Doubly reparameterized (Tucker et al. 2019): the encoder's part weighs each draw by its squared normalized weight and leaves out
    /// the score of q. The expectation is that of <see cref="Standard"/>, the variance lower, and its signal does not vanish.
    /// </summary>
    Dreg,

    /// <summary>
    /// Sticking the landing (Roeder et al. 2017): the score of q is left out. Its expectation is that of the ELBO's gradient at K = 1; beyond
    /// it is biased, since the score's expectation under the weights is not zero.
    /// </summary>
    Stl,
}

/// <summary>−log (1/K) Σ p(x, z_k) / q(z_k|x), the negative importance-weighted bound (Burda et al. 2015, equation 8).</summary>
/// <param name="Samples">K, draws for each image.</param>
/// <param name="Gradient">How its gradient is estimated.</param>
public sealed record IwaeObjective(int Samples, IwaeGradient Gradient) : Objective
{
    /// <inheritdoc/>
    public override int SamplesPerImage => Samples;

    /// <inheritdoc/>
    public override double BetaAt(long step) => 1;

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Func<TermsRequest, ElboTerms> terms, ObjectiveContext context)
    {
        if (Gradient == IwaeGradient.Dreg)
        {
            return DoublyReparameterized(terms);
        }

        ElboTerms drawn = terms(new TermsRequest { StopPosteriorGradient = Gradient == IwaeGradient.Stl });
        return new ObjectiveValue(-LogMeanWeight(drawn.LogWeights()), drawn);
    }

    // With w̃ the normalized weights: the decoder's gradient is Σ w̃ ∂log w/∂θ, the encoder's Σ w̃² ∂log w/∂z ∂z/∂φ. The loss carries w̃ once,
    // the draws carry it a second time, and for that it must be known before them: a first pass. It is done as the second is, gradients
    // and all, since a likelihood may do otherwise without them (fit its scale, say), and forgotten at once.
    private static ObjectiveValue DoublyReparameterized(Func<TermsRequest, ElboTerms> terms)
    {
        Tensor normalized;
        using (NewDisposeScope())
        {
            normalized = terms(new TermsRequest()).LogWeights().detach().softmax(0).MoveToOuterDisposeScope(); // w̃, [K, B]
        }

        ElboTerms drawn = terms(new TermsRequest { StopPosteriorGradient = true, LatentGradientScale = normalized });
        Tensor logWeights = drawn.LogWeights();                      // [K, B]
        Tensor surrogate = -(normalized * logWeights).sum(0L);        // [B], the gradient
        Tensor value = -LogMeanWeight(logWeights.detach());          // [B], the bound
        return new ObjectiveValue(value + (surrogate - surrogate.detach()), drawn);
    }

    private static Tensor LogMeanWeight(Tensor logWeights) => logWeights.logsumexp(0) - Math.Log(logWeights.shape[0]); // [B] of [K, B]
}
