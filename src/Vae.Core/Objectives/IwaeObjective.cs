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
    /// Sticking the landing (Roeder et al. 2017): the score of q is left out. Its expectation is that of the ELBO's gradient at K = 1;
    /// beyond it is biased, since the score's expectation under the weights is not zero.
    /// </summary>
    Stl,
}

/// <summary>−log (1/K) Σ p(x, z_k) / q(z_k|x), the negative importance-weighted bound (Burda et al. 2015, equation 8).</summary>
internal sealed record IwaeObjective : Objective
{
    /// <summary>K, draws for each image.</summary>
    public int Samples { get; init; } = 5;

    /// <summary>How its gradient is estimated.</summary>
    public IwaeGradient Gradient { get; init; } = IwaeGradient.Standard;

    public override int SamplesPerImage => Samples;

    internal override DenseLoss? DenseForm => Gradient switch
    {
        IwaeGradient.Standard => DenseLoss.ImportanceWeighted,
        IwaeGradient.Dreg => DenseLoss.DoublyReparameterized,
        _ => null,
    };

    internal static IwaeObjective Map(ConfigurationVisitor visitor, IwaeObjective value) => value with
    {
        Samples = visitor.Integer("samples", value.Samples, 1, 100_000, "draws for each image"),
        Gradient = visitor.Choice("gradient", value.Gradient, "how the bound's gradient is estimated"),
    };

    internal override IEnumerable<ConfigurationError> Check(string path, ModelConfiguration model) =>
        model.HasGaussianPosterior ? [] : [NeedsGaussianPosterior(path, "iwae")];

    private protected override ObjectiveValue Loss(Inference inference, Draws draws, ObjectiveContext context)
    {
        if (Gradient == IwaeGradient.Dreg)
        {
            return DoublyReparameterized(inference, draws);
        }

        Terms terms = inference.Terms(draws, new TermsRequest { StopPosteriorGradient = Gradient == IwaeGradient.Stl });
        return new ObjectiveValue(-terms.LogMeanWeight(), terms);
    }

    // With w̃ the normalized weights: the decoder's gradient is Σ w̃ ∂log w/∂θ, the encoder's Σ w̃² ∂log w/∂z ∂z/∂φ. The loss carries w̃
    // once, the draws carry it a second time, and for that it must be known before them: a first pass. It is done as the second is,
    // gradients and all, since a likelihood may do otherwise without them (fit its scale, say), and forgotten at once.
    private static ObjectiveValue DoublyReparameterized(Inference inference, Draws draws)
    {
        Tensor normalized;
        using (NewDisposeScope())
        {
            normalized = inference.Terms(draws).LogWeights().detach().softmax(0).MoveToOuterDisposeScope(); // w̃, [K, B]
        }

        Terms terms = inference.Terms(draws, new TermsRequest { StopPosteriorGradient = true, LatentGradientScale = normalized });
        Tensor surrogate = -(normalized * terms.LogWeights()).sum(0L); // [B], the gradient
        Tensor value = -terms.LogMeanWeight().detach();                 // [B], the bound
        return new ObjectiveValue(value + (surrogate - surrogate.detach()), terms);
    }
}
