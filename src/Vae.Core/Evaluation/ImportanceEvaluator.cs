using TorchSharp;
using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Models;
using static TorchSharp.torch;

namespace Vae.Core.Evaluation;

/// <summary>What a set of images says of a model, in nats per image unless said otherwise.</summary>
public sealed record EvaluationResult
{
    /// <summary>Images evaluated.</summary>
    public required int Images { get; init; }

    /// <summary>Importance samples for each image, K.</summary>
    public required int ImportanceSamples { get; init; }

    /// <summary>E_q[log p(x|z)], by K draws an image.</summary>
    public required double Reconstruction { get; init; }

    /// <summary>KL(q(z|x)‖p(z)).</summary>
    public required double Kl { get; init; }

    /// <summary>Reconstruction − Kl.</summary>
    public double Elbo => Reconstruction - Kl;

    /// <summary>The importance-weighted estimate of log p(x), a lower bound in expectation that rises with K (Burda et al. 2015, equation 8).</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Standard error of <see cref="LogLikelihood"/> as a mean over images: their spread and the estimator's, over √N.</summary>
    public required double LogLikelihoodStandardError { get; init; }

    /// <summary>
    /// −LogLikelihood / (P ln 2): bits for each number of an image. Null where the likelihood is a density on scaled pixels, of which there are
    /// no bits.
    /// </summary>
    public required double? BitsPerDimension { get; init; }

    /// <summary>Latent dimensions whose posterior mean varies over the images by more than 0.01 (Burda et al. 2015, section 5.2).</summary>
    public required int ActiveUnits { get; init; }

    /// <summary>D.</summary>
    public required int Latent { get; init; }
}

/// <summary>
/// Estimates log p(x) by importance sampling from the posterior, in log space: log (1/K) Σ p(x|z) p(z) / q(z|x). Each image is encoded once
/// and its latents are decoded in chunks. The draws belong to (image, sample), so neither batch, chunk nor thread count changes the result
/// but for rounding.
/// </summary>
public sealed record ImportanceEvaluator
{
    /// <summary>K, samples for each image.</summary>
    public required int Samples { get; init; }

    /// <summary>Threads that each evaluate images of their own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Images encoded at once.</summary>
    public int ImagesPerBatch { get; init; } = 16;

    /// <summary>Latents decoded at once, so many that the decoder's output stays in the processor's cache.</summary>
    public int LatentsPerChunk { get; init; } = 512;

    /// <summary>Told how many images are done, from any thread.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Evaluates the model on every image of the loader's set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loader">The images, binarized by the draws of epoch 0.</param>
    /// <param name="noise">Where the posterior's draws come from.</param>
    /// <param name="device">Where the model lives.</param>
    public EvaluationResult Evaluate(VariationalAutoencoder model, BatchLoader loader, RandomStream noise, Device device)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        LatentDensity prior = model.Prior.Density();
        int count = loader.Images.Count;
        ImageFigures[] figures = new ImageFigures[count];
        int batches = BatchOrder.BatchCount(count, ImagesPerBatch);
        float[][] means = new float[batches][];
        int done = 0;
        Engine.Workers.ForEach(Workers, batches, batch =>
        {
            int start = batch * ImagesPerBatch;
            int[] indices = [.. Enumerable.Range(start, Math.Min(ImagesPerBatch, count - start))];
            means[batch] = EvaluateBatch(model, prior, loader, indices, noise, device, figures.AsSpan(start, indices.Length));
            Progress?.Invoke(Interlocked.Add(ref done, indices.Length));
        });

        PosteriorMeanVariance variance = new(model.Latent);
        foreach (float[] batch in means)
        {
            Tensor rows = tensor(batch, [batch.Length / model.Latent, model.Latent]);
            variance.Add(rows);
        }

        return Summarize(figures, model, variance);
    }

    private float[] EvaluateBatch(
        VariationalAutoencoder model, LatentDensity prior, BatchLoader loader, int[] indices, RandomStream noise, Device device, Span<ImageFigures> figures)
    {
        using DisposeScope scope = NewDisposeScope();
        ImageBatch batch = loader.Load(indices, epoch: 0);
        DiagonalGaussian posterior = model.Encode(batch.Input); // [B, D]
        int images = indices.Length;
        LogMeanExp[] weights = new LogMeanExp[images];
        double[] reconstruction = new double[images];
        double[] kl = new double[images];
        Array.Fill(weights, new LogMeanExp());
        int chunk = Math.Max(1, LatentsPerChunk / images / model.Likelihood.OutputsPerPixel);
        for (int first = 0; first < Samples; first += chunk)
        {
            using DisposeScope inner = NewDisposeScope();
            int samples = Math.Min(chunk, Samples - first);
            Tensor epsilon = Noise.NormalPerSample(noise, first, samples, batch.Indices, model.Latent, device); // [K', B, D]
            ElboTerms terms = model.Terms(posterior, prior, batch.Target, epsilon);
            float[] logLikelihoods = terms.LogLikelihood.cpu().data<float>().ToArray(); // [K', B]
            float[] logWeights = terms.LogWeights().cpu().data<float>().ToArray();      // [K', B]
            float[] kls = terms.Kl().cpu().data<float>().ToArray();                     // [B]
            for (int i = 0; i < images; i++)
            {
                kl[i] += (double)kls[i] * samples / Samples;
            }

            for (int row = 0; row < logWeights.Length; row++)
            {
                weights[row % images].Add(logWeights[row]);
                reconstruction[row % images] += logLikelihoods[row];
            }
        }

        for (int i = 0; i < images; i++)
        {
            figures[i] = new ImageFigures(reconstruction[i] / Samples, kl[i], weights[i].Value);
        }

        return posterior.Mean.cpu().data<float>().ToArray();
    }

    private EvaluationResult Summarize(ImageFigures[] figures, VariationalAutoencoder model, PosteriorMeanVariance variance)
    {
        double logLikelihood = figures.Average(image => image.LogLikelihood);
        double squares = figures.Sum(image => Math.Pow(image.LogLikelihood - logLikelihood, 2));
        return new EvaluationResult
        {
            Images = figures.Length,
            ImportanceSamples = Samples,
            Reconstruction = figures.Average(image => image.Reconstruction),
            Kl = figures.Average(image => image.Kl),
            LogLikelihood = logLikelihood,
            LogLikelihoodStandardError = figures.Length < 2 ? 0 : Math.Sqrt(squares / (figures.Length - 1.0) / figures.Length),
            BitsPerDimension = model.Likelihood.MeasuresImages ? NatsToBitsPerDimension(-logLikelihood, model.Likelihood.Pixels) : null,
            ActiveUnits = variance.CountAbove(ElboEvaluator.ActiveUnitThreshold),
            Latent = model.Latent,
        };
    }

    private static double NatsToBitsPerDimension(double nats, int dimensions) => nats / (dimensions * Math.Log(2));

    private readonly record struct ImageFigures(double Reconstruction, double Kl, double LogLikelihood);
}
