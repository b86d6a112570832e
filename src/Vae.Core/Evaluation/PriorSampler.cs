namespace Vae.Core.Evaluation;

/// <summary>
/// Draws latents from the prior, or from a density in its place, and shows them as images. The encoder has no part in it.
/// </summary>
/// <param name="Seed">All draws derive from it; image n is the same whatever the count.</param>
internal sealed record PriorSampler(ulong Seed)
{
    private const int BatchSize = 500;

    /// <summary>Factor on the prior's standard deviation.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Whether pixels are drawn from the likelihood instead of shown by its mean.</summary>
    public bool DrawPixels { get; init; }

    /// <summary>A density to draw latents from in place of the model's prior, or null.</summary>
    public LatentDensity? Density { get; init; }

    /// <summary>Draws images, on the scale where 0 is black and 1 is white.</summary>
    /// <param name="model">The model.</param>
    /// <param name="start">Number of the first image.</param>
    /// <param name="count">How many.</param>
    /// <param name="device">Where the model lives.</param>
    /// <returns>[count, P], row by row.</returns>
    public float[] Draw(LatentModel model, int start, int count, Device device)
    {
        using IDisposable noGradient = no_grad();
        int pixels = model.Likelihood.Pixels;
        float[] images = new float[(long)count * pixels];
        for (int done = 0; done < count; done += BatchSize)
        {
            using DisposeScope scope = NewDisposeScope();
            int[] numbers = [.. Enumerable.Range(start + done, Math.Min(BatchSize, count - done))];
            Tensor batch = DrawBatch(model, numbers, device); // [B, P]
            batch.cpu().data<float>().CopyTo(images.AsSpan(done * pixels, numbers.Length * pixels));
        }

        return images;
    }

    /// <summary>Draws latents alone.</summary>
    /// <param name="model">The model whose prior it is.</param>
    /// <param name="start">Number of the first latent.</param>
    /// <param name="count">How many.</param>
    /// <param name="device">Where the model lives.</param>
    /// <returns>count rows of [D].</returns>
    public float[][] Latents(LatentModel model, int start, int count, Device device)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        float[] values = model.SampleLatents(Seed, [.. Enumerable.Range(start, count)], Temperature, Density).cpu().data<float>().ToArray();
        return [.. values.Chunk(model.Latent)];
    }

    private Tensor DrawBatch(LatentModel model, int[] numbers, Device device)
    {
        Tensor output = model.Decode(model.SampleLatents(Seed, numbers, Temperature, Density)); // [B, outputs]
        if (!DrawPixels)
        {
            return model.Likelihood.Mean(output);
        }

        RandomStream pixelStream = new(Seed, RandomPurpose.PixelSample);
        return model.Likelihood.Sample(output, Noise.Uniform(pixelStream, numbers[0], 0, device, numbers.Length, model.Likelihood.Pixels));
    }
}
