using System.Numerics.Tensors;
using Tensor = TorchSharp.torch.Tensor;

namespace Vae.Core.Evaluation;

/// <summary>
/// The aggregate posterior q(z) = (1/N) Σ q(z|xₙ) of a set of images. Its density is the whole sum, of all N posteriors, and no estimate
/// from a minibatch, which would be biased; only the expectation over z is taken by draws.
/// </summary>
/// <param name="posteriors">All posteriors of the set.</param>
/// <param name="prior">p(z).</param>
internal sealed class AggregatePosterior(PosteriorTable posteriors, LatentDensity prior)
{
    // The draws of the importance samples count their outer counter up from 0.
    private const long NoiseMajor = -1;

    private const int DrawsPerBlock = 64;

    /// <summary>The decomposition of the KL by draws of M images, spread evenly through the set.</summary>
    /// <param name="draws">M.</param>
    /// <param name="noise">Where the draws come from.</param>
    /// <param name="device">Where the prior's parameters live.</param>
    /// <param name="workers">Threads.</param>
    public KlDecomposition Decompose(int draws, RandomStream noise, Device device, int workers)
    {
        DrawDensities[] all = new DrawDensities[draws];
        int blocks = (draws + DrawsPerBlock - 1) / DrawsPerBlock;
        Workers.ForEach(workers, blocks, block =>
        {
            int first = block * DrawsPerBlock;
            int count = Math.Min(DrawsPerBlock, draws - first);
            Evaluate(first, draws, noise, device, all.AsSpan(first, count));
        });

        return new KlDecomposition
        {
            Draws = draws,
            Kl = Mean(all, static draw => draw.Posterior - draw.Prior),
            MutualInformation = Mean(all, static draw => draw.Posterior - draw.Aggregate),
            MarginalKl = Mean(all, static draw => draw.Aggregate - draw.Prior),
            TotalCorrelation = Mean(all, static draw => draw.Aggregate - draw.AggregateMarginals),
            DimensionWiseKl = prior is IMarginals ? Mean(all, static draw => draw.AggregateMarginals - draw.PriorMarginals) : null,
        };
    }

    /// <summary>The logarithms of q(z), of Π q(z_d), and of the density that one image's own posterior gives.</summary>
    /// <param name="latent">z, [D].</param>
    /// <param name="image">The image.</param>
    /// <param name="joint">Room for a number an image, [Stride].</param>
    internal (double Aggregate, double Marginals, double Own) LogDensities(ReadOnlySpan<float> latent, int image, Span<float> joint)
    {
        double logCount = Math.Log(posteriors.Images);
        double marginals = 0;
        joint.Clear();
        for (int d = 0; d < posteriors.Latent; d++)
        {
            float sum = AddDimension(latent[d], posteriors.Mean(d), posteriors.Curvature(d), posteriors.Constant(d), joint);
            marginals += Math.Log(sum) - logCount;
        }

        double own = joint[image];
        float largest = TensorPrimitives.Max<float>(joint);
        TensorPrimitives.Subtract(joint, largest, joint);
        TensorPrimitives.Exp<float>(joint, joint);
        return (largest + Math.Log(TensorPrimitives.Sum<float>(joint)) - logCount, marginals, own);
    }

    /// <summary>
    /// Adds log q(z_d|xₙ) of all images to <paramref name="joint"/> and returns Σ q(z_d|xₙ). That sum needs no shift against underflow: z
    /// was drawn from one of the posteriors, at most 6.6 of its standard deviations off.
    /// </summary>
    private static float AddDimension(
        float z, ReadOnlySpan<float> mean, ReadOnlySpan<float> curvature, ReadOnlySpan<float> constant, Span<float> joint)
    {
        Vector512<float> at = Vector512.Create(z);
        Vector512<float> sum = Vector512<float>.Zero;
        ref float means = ref MemoryMarshal.GetReference(mean);
        ref float curvatures = ref MemoryMarshal.GetReference(curvature);
        ref float constants = ref MemoryMarshal.GetReference(constant);
        ref float joints = ref MemoryMarshal.GetReference(joint);
        for (nuint i = 0; i < (nuint)joint.Length; i += (nuint)Vector512<float>.Count)
        {
            Vector512<float> distance = at - Vector512.LoadUnsafe(ref means, i);
            Vector512<float> logDensity =
                (Vector512.LoadUnsafe(ref curvatures, i) * distance * distance) + Vector512.LoadUnsafe(ref constants, i);
            (Vector512.LoadUnsafe(ref joints, i) + logDensity).StoreUnsafe(ref joints, i);
            sum += Vector512.Exp(logDensity);
        }

        return Vector512.Sum(sum);
    }

    private static Estimate Mean(DrawDensities[] draws, Func<DrawDensities, double> difference) =>
        Estimate.Of(Array.ConvertAll(draws, draw => difference(draw)));

    private void Evaluate(int first, int draws, RandomStream noise, Device device, Span<DrawDensities> results)
    {
        using DisposeScope scope = NewDisposeScope();
        int latent = posteriors.Latent;
        float[] latents = new float[results.Length * latent]; // [M', D]
        float[] epsilon = new float[latent];
        float[] joint = new float[posteriors.Stride];
        for (int i = 0; i < results.Length; i++)
        {
            int draw = first + i;
            int image = (int)((long)draw * posteriors.Images / draws);
            Span<float> z = latents.AsSpan(i * latent, latent);
            noise.Normal(NoiseMajor, (uint)draw, epsilon);
            posteriors.Reparameterize(image, epsilon, z);
            (double aggregate, double marginals, double own) = LogDensities(z, image, joint);
            results[i] = new DrawDensities(own, aggregate, marginals);
        }

        Tensor rows = tensor(latents, [results.Length, latent]).to(device);
        double[] priors = ImageSampler.Doubles(prior.LogProbability(rows)); // [M']
        double[]? priorMarginals = prior is IMarginals known ? ImageSampler.Doubles(known.LogMarginals(rows).sum(-1)) : null; // [M']
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = results[i] with { Prior = priors[i], PriorMarginals = priorMarginals?[i] ?? double.NaN };
        }
    }

    /// <summary>Log-densities at one draw z ~ q(z|xₙ), in nats.</summary>
    private readonly record struct DrawDensities(
        double Posterior, double Aggregate, double AggregateMarginals, double Prior = 0, double PriorMarginals = double.NaN);
}
