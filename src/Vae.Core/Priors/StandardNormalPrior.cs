using Vae.Core.Distributions;
using static TorchSharp.torch;

namespace Vae.Core.Priors;

/// <summary>p(z) = N(0, I).</summary>
public sealed class StandardNormalPrior(int dimension) : Prior(dimension)
{
    /// <inheritdoc/>
    public override Tensor LogProbability(Tensor z) => DiagonalGaussian.StandardNormalLogProbability(z);

    /// <inheritdoc/>
    public override Tensor? ClosedFormKl(DiagonalGaussian posterior) => posterior.KlFromStandardNormal();

    /// <inheritdoc/>
    public override Tensor Sample(Tensor noise, double temperature) => noise * temperature;
}
