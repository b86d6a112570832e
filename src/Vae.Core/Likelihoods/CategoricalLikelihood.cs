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

    /// <inheritdoc/>
    public override float[] OutputForMean(ReadOnlySpan<float> meanTarget)
    {
        // Logits that rise or fall evenly over the levels: of all distributions with the mean the one that says least else.
        float[] output = new float[Pixels * LevelCount]; // [256, P]
        for (int p = 0; p < Pixels; p++)
        {
            double slope = TiltedMean.Invert(MeanOf, meanTarget[p]);
            for (int level = 0; level < LevelCount; level++)
            {
                output[(level * Pixels) + p] = (float)(slope * ((level / (LevelCount - 1.0)) - 0.5));
            }
        }

        return output;
    }

    private static double MeanOf(double slope)
    {
        double mass = 0;
        double moment = 0;
        for (int level = 0; level < LevelCount; level++)
        {
            double y = level / (LevelCount - 1.0);
            double weight = Math.Exp(slope * (y - (slope > 0 ? 1 : 0))); // at most 1
            mass += weight;
            moment += weight * y;
        }

        return moment / mass;
    }
}
