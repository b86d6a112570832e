namespace Vae.Core.Likelihoods;

/// <summary>The distribution of an image given its code.</summary>
internal abstract record LikelihoodConfiguration
{
    public static readonly Kind<LikelihoodConfiguration>[] Kinds =
    [
        Kind.Of<LikelihoodConfiguration, BernoulliLikelihoodConfiguration>("bernoulli"),
        Kind.Of<LikelihoodConfiguration, ContinuousBernoulliLikelihoodConfiguration>(
            "continuous_bernoulli", ContinuousBernoulliLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, GaussianLikelihoodConfiguration>("gaussian", GaussianLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, LaplaceLikelihoodConfiguration>("laplace", LaplaceLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, DiscretizedLogisticLikelihoodConfiguration>(
            "discretized_logistic", DiscretizedLogisticLikelihoodConfiguration.Map),
        Kind.Of<LikelihoodConfiguration, CategoricalLikelihoodConfiguration>("categorical"),
    ];

    /// <summary>What the likelihood wants to be given as pixels.</summary>
    public abstract TargetKind PixelTarget { get; }

    /// <summary>The likelihood over images of the shape.</summary>
    public abstract Likelihood Build(ImageShape shape);
}

/// <summary>What a loss is a sum over; that of a run is the strictest of its model, its likelihood and its objective.</summary>
public enum LossScope
{
    /// <summary>Images: each has a loss of its own.</summary>
    PerImage,

    /// <summary>Whole batches: the loss of an image depends on the others.</summary>
    PerBatch,
}

/// <summary>
/// p(x|z) over the pixels of an image, given the decoder's unconstrained output. It owns its log-probability, its mean and its sampling.
/// The output has <see cref="OutputsPerPixel"/> planes of P numbers one after the other: first the first parameter of every pixel.
/// </summary>
internal abstract class Likelihood : nn.Module
{
    /// <summary>Grey levels of an 8-bit pixel.</summary>
    public const int LevelCount = 256;

    // Half of the step between uniform draws in float32, which may be 0 but never 1.
    private const double SmallestUniform = 1.0 / (1 << 25);

    protected Likelihood(int pixels, TargetKind target)
        : base("likelihood") => (Pixels, Target) = (pixels, target);

    /// <summary>P, the numbers in an image.</summary>
    public int Pixels { get; }

    /// <summary>How many numbers the decoder gives for each pixel.</summary>
    public virtual int OutputsPerPixel => 1;

    /// <summary>What <see cref="LogProbability"/> wants as target.</summary>
    public TargetKind Target { get; }

    /// <summary>Whether log p(x|z) of an image depends, in training, on the others of its batch.</summary>
    public virtual LossScope Scope => LossScope.PerImage;

    /// <summary>
    /// Whether <see cref="LogProbability"/> is that of an image of whole levels (or of binary pixels), or bounds it, so that bits per
    /// dimension mean something. It is not for a density on scaled grey values.
    /// </summary>
    public bool MeasuresImages => Target != TargetKind.UnitInterval;

    /// <summary>log p(x|z) of one image with its gradient in one pass over memory, if there is one; it scores one output a pixel.</summary>
    public virtual LikelihoodKernel? Kernel => null;

    /// <summary>log p(x|z) in nats per image, summed over pixels.</summary>
    /// <param name="output">The decoder's output, [K, B, P·OutputsPerPixel].</param>
    /// <param name="target">The pixels x, [B, P], as <see cref="Target"/> says.</param>
    /// <returns>[K, B].</returns>
    public abstract Tensor LogProbability(Tensor output, Tensor target);

    /// <summary>E[x|z] on the scale where 0 is black and 1 is white.</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <returns>[…, P].</returns>
    public abstract Tensor Mean(Tensor output);

    /// <summary>Pixels drawn from p(x|z) by the inverse of its distribution function, on the scale of <see cref="Mean"/>.</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <param name="uniform">Draws uniform in [0, 1), [..., P].</param>
    /// <returns>[…, P].</returns>
    public abstract Tensor Sample(Tensor output, Tensor uniform);

    /// <summary>The decoder's output under which targets have a given mean: where the bias of its last layer may start.</summary>
    /// <param name="mean">The mean target of each pixel, [P]; taken to the nearest one that an output can give.</param>
    /// <returns>[P·OutputsPerPixel], as <see cref="LogProbability"/> takes it. A scale starts where its parameter is 0.</returns>
    public abstract float[] OutputForMean(ReadOnlySpan<float> mean);

    /// <summary>The planes of the decoder's output, one for each parameter of a pixel.</summary>
    /// <param name="output">[…, P·OutputsPerPixel].</param>
    /// <returns>[..., OutputsPerPixel, P].</returns>
    protected Tensor Planes(Tensor output) => output.reshape([.. output.shape[..^1], OutputsPerPixel, Pixels]);

    /// <summary>The plane of locations, […, P], where it is the first of [..., O, P].</summary>
    private protected static Tensor Location(Tensor planes) => planes.select(-2, 0);

    /// <summary>Where a rising function passes a value, by halving an interval so often.</summary>
    private protected static double Inverse(Func<double, double> rising, double value, double low, double high, int halvings)
    {
        for (int halving = 0; halving < halvings; halving++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = rising(middle) < value ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }

    /// <summary>Uniform draws without 0, so that every quantile is finite.</summary>
    protected static Tensor WithoutEnds(Tensor uniform) => uniform.clamp_min(SmallestUniform);
}

/// <summary>log p(x|z) of one image in nats, and the gradient of s·log p(x|z) in the output's place.</summary>
/// <param name="output">The decoder's output without the last layer's bias, [P]; the gradient afterwards.</param>
/// <param name="bias">The bias, [P].</param>
/// <param name="target">x, [P].</param>
/// <param name="scale">s.</param>
internal delegate double LikelihoodKernel(Span<float> output, ReadOnlySpan<float> bias, ReadOnlySpan<float> target, float scale);
