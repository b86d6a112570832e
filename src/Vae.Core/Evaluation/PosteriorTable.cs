namespace Vae.Core.Evaluation;

/// <summary>
/// The posteriors of all images of a set, dimension by dimension so that a vector of them can be worked on at once, as
/// log q(z_d|xₙ) = Constant + Curvature · (z_d − Mean)².
/// </summary>
internal sealed class PosteriorTable
{
    private static readonly float HalfLogTwoPi = (float)(0.5 * DiagonalGaussian.LogTwoPi);

    private readonly float[][] _mean;
    private readonly float[][] _curvature;
    private readonly float[][] _constant;

    /// <summary>Makes room for N posteriors over D dimensions.</summary>
    public PosteriorTable(int images, int latent)
    {
        Images = images;
        Latent = latent;
        int width = Vector512<float>.Count;
        Stride = (images + width - 1) / width * width;
        _mean = Rows(latent);
        _curvature = Rows(latent);
        _constant = Rows(latent);
        foreach (float[] row in _constant)
        {
            row.AsSpan(images).Fill(float.NegativeInfinity); // what fills the last vector has no density
        }
    }

    /// <summary>N.</summary>
    public int Images { get; }

    /// <summary>D.</summary>
    public int Latent { get; }

    /// <summary>N rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>μ_d, [Stride].</summary>
    public ReadOnlySpan<float> Mean(int dimension) => _mean[dimension];

    /// <summary>−1 / (2 σ_d²), [Stride].</summary>
    public ReadOnlySpan<float> Curvature(int dimension) => _curvature[dimension];

    /// <summary>−½ log(2π σ_d²), [Stride].</summary>
    public ReadOnlySpan<float> Constant(int dimension) => _constant[dimension];

    /// <summary>Keeps the posteriors of images from <paramref name="start"/> on, [B, D].</summary>
    public void Set(int start, DiagonalGaussian posterior)
    {
        using DisposeScope scope = NewDisposeScope();
        ReadOnlySpan<float> means = Floats(posterior.Mean);
        ReadOnlySpan<float> logVariances = Floats(posterior.LogVariance);
        for (int i = 0; i < means.Length; i++)
        {
            (int row, int d) = Math.DivRem(i, Latent);
            _mean[d][start + row] = means[i];
            _curvature[d][start + row] = (float)(-0.5 * Math.Exp(-logVariances[i]));
            _constant[d][start + row] = (-0.5f * logVariances[i]) - HalfLogTwoPi;
        }
    }

    /// <summary>z = μ + σ ε of an image, [D].</summary>
    public void Reparameterize(int image, ReadOnlySpan<float> noise, Span<float> latent)
    {
        for (int d = 0; d < Latent; d++)
        {
            latent[d] = _mean[d][image] + (noise[d] * MathF.Sqrt(-0.5f / _curvature[d][image]));
        }
    }

    /// <summary>
    /// How many dimensions have a posterior mean that varies over the images by more than the threshold; null for one image.
    /// </summary>
    public int? ActiveUnits(double threshold) => Images < 2
        ? null
        : _mean.Count(row => Estimate.Moments<float>(row.AsSpan(0, Images)).Squares / Images > threshold);

    private static ReadOnlySpan<float> Floats(Tensor tensor) =>
        TensorMemory.Of<float>(tensor.to_type(ScalarType.Float32).cpu().contiguous());

    private float[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => new float[Stride])];
}
