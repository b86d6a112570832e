using static TorchSharp.torch;

namespace Vae.Core.Likelihoods;

/// <summary>
/// A probability of its own for each of the 256 grey levels of a pixel, from logits. It can say anything, and knows nothing of levels being
/// near each other. The decoder gives 256 numbers a pixel, so it costs accordingly.
/// </summary>
public sealed class CategoricalLikelihood(int pixels) : Likelihood(pixels)
{
    /// <inheritdoc/>
    public override int OutputsPerPixel => LevelCount;

    /// <inheritdoc/>
    public override TargetKind Target => TargetKind.Levels;

    /// <inheritdoc/>
    public override Tensor LogProbability(Tensor output, Tensor target)
    {
        Tensor logits = Planes(output); // [K, B, 256, P]
        long[] shape = logits.shape;
        Tensor levels = (target * (LevelCount - 1)).round().to_type(ScalarType.Int64); // [B, P]
        Tensor index = levels.unsqueeze(1).unsqueeze(0).expand(shape[0], shape[1], 1, shape[3]); // [K, B, 1, P]
        Tensor chosen = logits.gather(-2, index).squeeze(-2); // [K, B, P]
        return (chosen - logits.logsumexp(-2)).sum(-1);
    }

    /// <inheritdoc/>
    public override float[] OutputForMean(ReadOnlySpan<float> mean)
    {
        // The logits of a binomial distribution over the levels: smooth, and of the mean that is asked for.
        const int Trials = LevelCount - 1;
        const double Margin = 0.001;
        float[] output = new float[mean.Length * LevelCount]; // [256, P]
        double logChoices = 0;                                // log (Trials choose level)
        for (int level = 0; level < LevelCount; level++)
        {
            for (int p = 0; p < mean.Length; p++)
            {
                double probability = Math.Clamp(mean[p], Margin, 1 - Margin);
                output[(level * mean.Length) + p] =
                    (float)(logChoices + (level * Math.Log(probability)) + ((Trials - level) * Math.Log(1 - probability)));
            }

            logChoices += Math.Log((double)(Trials - level) / (level + 1));
        }

        return output;
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output)
    {
        Tensor levels = arange(LevelCount).to(output.dtype, output.device).view(LevelCount, 1); // [256, 1]
        return (Planes(output).softmax(-2) * levels).sum(-2) / (LevelCount - 1);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor output, Tensor uniform)
    {
        Tensor distribution = Planes(output).softmax(-2).cumsum(-2); // [..., 256, P], its last possibly below 1 by rounding
        Tensor level = distribution.le(uniform.unsqueeze(-2)).to_type(output.dtype).sum(-2).clamp_max(LevelCount - 1);
        return level / (LevelCount - 1);
    }
}
