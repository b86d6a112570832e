using Vae.Core.Likelihoods;
using static TorchSharp.torch;

namespace Vae.Core.Tests.Support;

/// <summary>N(x; output, σ²I), written anew so that the oracle of a linear-Gaussian model shares nothing with what it checks.</summary>
internal sealed class GaussianOracleLikelihood(int pixels, double deviation) : Likelihood(pixels)
{
    public override int OutputsPerPixel => 1;

    public override Tensor LogProbability(Tensor output, Tensor target) =>
        (-0.5 * ((output - target) / deviation).square() - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI))).sum(-1);

    public override Tensor Mean(Tensor output) => output;

    public override Tensor Sample(Tensor output, Tensor uniform) => throw new NotSupportedException();
}
