namespace Vae.Core.Likelihoods;

/// <summary>Independent binary pixels, from logits.</summary>
internal sealed record BernoulliLikelihoodConfiguration : LikelihoodConfiguration
{
    public override TargetKind PixelTarget => TargetKind.Binary;

    public override Likelihood Build(ImageShape shape) => new BernoulliLikelihood(shape.PixelCount);
}

/// <summary>
/// Independent Bernoulli pixels on logits: log p(x|z) = Σ x·l − softplus(l) (Kingma and Welling 2014, appendix C.1).
/// The targets are 0 or 1; on grey targets it would be no density.
/// </summary>
internal sealed class BernoulliLikelihood(int pixels) : Likelihood(pixels, TargetKind.Binary)
{
    public override LikelihoodKernel? Kernel => BernoulliKernel.LogProbabilityAndGradient;

    public override Tensor LogProbability(Tensor output, Tensor target)
    {
        bool withoutGradient = !is_grad_enabled() && output.device_type == DeviceType.CPU && output.dtype == ScalarType.Float32;
        return withoutGradient ? InOnePass(output, target) : Readable(output, target);
    }

    public override Tensor Mean(Tensor output) => output.sigmoid();

    public override Tensor Sample(Tensor output, Tensor uniform) => uniform.lt(output.sigmoid()).to_type(output.dtype);

    public override float[] OutputForMean(ReadOnlySpan<float> mean)
    {
        // A pixel that is always black would have a logit of −∞; so the margin of the code published with Burda et al. 2015.
        const float Margin = 0.001f;
        float[] probabilities = Array.ConvertAll(mean.ToArray(), value => Math.Clamp(value, Margin, 1 - Margin));
        return Array.ConvertAll(probabilities, probability => MathF.Log(probability / (1 - probability)));
    }

    private static Tensor Readable(Tensor output, Tensor target) =>
        nn.functional.binary_cross_entropy_with_logits(output, target.expand_as(output), reduction: nn.Reduction.None)
            .sum(-1) // over pixels, never their mean
            .neg();

    private static Tensor InOnePass(Tensor output, Tensor target)
    {
        (int images, int pixels) = ((int)output.shape[1], (int)output.shape[2]);
        Tensor result = empty(output.shape[..2], ScalarType.Float32);
        ReadOnlySpan<float> logits = TensorMemory.Of<float>(output.contiguous());   // [K, B, P]
        ReadOnlySpan<float> targets = TensorMemory.Of<float>(target.contiguous());  // [B, P]
        Span<float> results = TensorMemory.Of<float>(result);                       // [K, B]
        for (int row = 0; row < results.Length; row++)
        {
            int image = row % images;
            results[row] = (float)BernoulliKernel.LogProbability(logits.Slice(row * pixels, pixels), targets.Slice(image * pixels, pixels));
        }

        return result;
    }
}
