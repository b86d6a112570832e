namespace Vae.Core.Likelihoods;

/// <summary>Independent Laplace pixels with the decoder's output as location: log p(y) = −|y − m| / b − log 2b, the absolute error's density.</summary>
public sealed class LaplaceLikelihood(int pixels, TargetKind target, PixelScale scale) : LocationScaleLikelihood(pixels, target, scale)
{
    private static readonly double LogTwo = Math.Log(2);

    /// <inheritdoc/>
    protected override Tensor StandardLogDensity(Tensor standardized) => standardized.abs().neg() - LogTwo;

    /// <inheritdoc/>
    protected override Tensor StandardQuantile(Tensor uniform)
    {
        Tensor side = uniform - 0.5;
        return side.sign() * (side.abs() * -2).log1p().neg();
    }

    /// <inheritdoc/>
    protected override Tensor BestLogScale(Tensor deviation) => deviation.abs().mean().log();
}
