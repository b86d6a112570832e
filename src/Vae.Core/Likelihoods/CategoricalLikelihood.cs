namespace Vae.Core.Likelihoods;

/// <summary>Independent pixels of 256 levels, each with a probability of its own.</summary>
internal sealed record CategoricalLikelihoodConfiguration : LikelihoodConfiguration
{
    public override TargetKind PixelTarget => TargetKind.Levels;

    public override Likelihood Build(ImageShape shape) => new CategoricalLikelihood(shape.PixelCount);
}

/// <summary>
/// A probability of its own for each of the 256 grey levels of a pixel, from logits. It can say anything, and knows nothing of levels being
/// near each other. The decoder gives 256 numbers a pixel, so it costs accordingly.
/// </summary>
internal sealed class CategoricalLikelihood(int pixels) : Likelihood(pixels, TargetKind.Levels)
{
    public override int OutputsPerPixel => LevelCount;

    public override Tensor LogProbability(Tensor output, Tensor target)
    {
        Tensor logits = Planes(output); // [K, B, 256, P]
        long[] shape = logits.shape;
        Tensor levels = (target * (LevelCount - 1)).round().to_type(ScalarType.Int64); // [B, P]
        Tensor index = levels.unsqueeze(1).unsqueeze(0).expand(shape[0], shape[1], 1, shape[3]); // [K, B, 1, P]
        Tensor chosen = logits.gather(-2, index).squeeze(-2); // [K, B, P]
        return (chosen - logits.logsumexp(-2)).sum(-1);
    }

    public override float[] OutputForMean(ReadOnlySpan<float> mean)
    {
        // The flattest distribution of that mean, so that no level is far: logits linear in the level, which is the continuous Bernoulli
        // in steps. Its intervals' centres are at (level + ½) / 256. A binomial's narrow peak would start at ten times the nats of chance.
        float[] output = new float[mean.Length * LevelCount]; // [256, P]
        for (int p = 0; p < mean.Length; p++)
        {
            float logit = ContinuousBernoulliLikelihood.LogitOfMean(((mean[p] * (LevelCount - 1)) + 0.5) / LevelCount);
            for (int level = 0; level < LevelCount; level++)
            {
                output[(level * mean.Length) + p] = logit * (level + 0.5f) / LevelCount;
            }
        }

        return output;
    }

    public override Tensor Mean(Tensor output)
    {
        Tensor levels = arange(LevelCount).to(output.dtype, output.device).view(LevelCount, 1); // [256, 1]
        return (Planes(output).softmax(-2) * levels).sum(-2) / (LevelCount - 1);
    }

    public override Tensor Sample(Tensor output, Tensor uniform)
    {
        Tensor distribution = Planes(output).softmax(-2).cumsum(-2); // [..., 256, P], its last possibly below 1 by rounding
        Tensor level = distribution.le(uniform.unsqueeze(-2)).to_type(output.dtype).sum(-2).clamp_max(LevelCount - 1);
        return level / (LevelCount - 1);
    }
}
