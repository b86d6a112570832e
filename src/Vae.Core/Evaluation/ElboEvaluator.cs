using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Engine;
using Vae.Core.Models;

namespace Vae.Core.Evaluation;

/// <summary>The ELBO's terms over a set of images, in nats per image.</summary>
/// <param name="Images">How many images.</param>
/// <param name="Reconstruction">Mean of E_q[log p(x|z)], by one draw an image.</param>
/// <param name="Kl">Mean of KL(q(z|x)‖p(z)).</param>
/// <param name="KlPerDimension">Mean of the KL from the prior's marginal for each latent dimension, [D].</param>
/// <param name="ActiveUnits">Latent dimensions whose posterior mean varies over the images by more than the threshold; null for one image.</param>
public sealed record ElboEstimate(int Images, double Reconstruction, double Kl, IReadOnlyList<double> KlPerDimension, int? ActiveUnits)
{
    /// <summary>E_q[log p(x|z)] − KL, higher is better.</summary>
    public double Elbo => Reconstruction - Kl;
}

/// <summary>Estimates the ELBO over whole sets. It changes no state, and its result does not depend on the batch size but for rounding.</summary>
public static class ElboEvaluator
{
    /// <summary>A dimension is active when the variance of its posterior mean over the data passes this (Burda et al. 2015, section 5.2).</summary>
    public const double ActiveUnitThreshold = 0.01;

    private const int LargestBatch = 500;
    private const int SmallestBatch = 16;

    /// <summary>Evaluates the model on every image of the loader's set, the last, smaller batch by its true size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loader">The images; binarized by the draws of epoch 0.</param>
    /// <param name="noise">Where the posterior's draws come from, one for each image.</param>
    /// <param name="device">Where the model lives.</param>
    /// <param name="request">How the terms are computed; null for the plain estimator.</param>
    /// <param name="workers">Threads that share the batches; the result does not depend on it.</param>
    public static ElboEstimate Evaluate(
        VariationalAutoencoder model, BatchLoader loader, RandomStream noise, Device device, TermsRequest? request = null, int workers = 1)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int count = loader.Images.Count;
        int batchSize = Math.Max(SmallestBatch, LargestBatch / model.Likelihood.OutputsPerPixel); // a categorical output is large
        LatentDensity prior = model.Prior.Density();
        BatchTerms[] batches = new BatchTerms[BatchOrder.BatchCount(count, batchSize)];
        Workers.ForEach(device.type == DeviceType.CPU ? workers : 1, batches.Length, i =>
        {
            using DisposeScope inner = NewDisposeScope();
            int[] indices = [.. Enumerable.Range(i * batchSize, Math.Min(batchSize, count - (i * batchSize)))];
            Batch batch = loader.Load(indices, epoch: 0);
            DiagonalGaussian posterior = model.Encode(batch.Input);
            Tensor epsilon = Noise.NormalPerImage(noise, 0, batch.Indices, 1, model.Latent, device); // [1, B, D]
            batches[i] = BatchTerms.Of(model.Terms(posterior, prior, batch.Target, epsilon, request));
        });

        return Sum(batches, model.Latent, count);
    }

    private static ElboEstimate Sum(BatchTerms[] batches, int latent, int count)
    {
        double reconstruction = 0;
        double kl = 0;
        double[] klPerDimension = new double[latent];
        PosteriorMeanVariance variance = new(latent);
        foreach (BatchTerms batch in batches)
        {
            reconstruction += batch.Reconstruction;
            kl += batch.Kl;
            for (int d = 0; d < latent; d++)
            {
                klPerDimension[d] += batch.KlPerDimension[d];
            }

            variance.Add(batch.Means);
            batch.Means.Dispose();
        }

        return new ElboEstimate(count, reconstruction / count, kl / count, [.. klPerDimension.Select(sum => sum / count)], variance.CountAbove(ActiveUnitThreshold));
    }

    /// <summary>One batch's sums in nats, and its posterior means, which whoever adds the batches up disposes of.</summary>
    private sealed record BatchTerms(double Reconstruction, double Kl, double[] KlPerDimension, Tensor Means)
    {
        public static BatchTerms Of(ElboTerms terms) => new(
            terms.Reconstruction().sum(ScalarType.Float64).ToDouble(),
            terms.Kl().sum(ScalarType.Float64).ToDouble(),
            terms.KlPerDimension().sum([0L], type: ScalarType.Float64).cpu().data<double>().ToArray(),
            terms.Posterior.Mean.DetachFromDisposeScope());
    }
}
