using Vae.Core.Distributions;

namespace Vae.Core.Priors;

/// <summary>p(z) = N(0, I).</summary>
public sealed class StandardNormalPrior(int dimension) : Prior(dimension)
{
    /// <inheritdoc/>
    public override LatentDensity Density() => new StandardNormalDensity();
}
