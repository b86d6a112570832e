namespace Vae.Core.Distributions;

/// <summary>
/// The marginals of a mixture at many points, without anything of size N·C·D in memory: a validation set has 10⁸ such numbers.
/// </summary>
internal static class MixtureMarginalKernel
{
    /// <summary>log Σ_c exp(k_cd − ½ (z_d − μ_cd)² / σ²_cd) for each number of each row, in nats.</summary>
    /// <param name="z">[N, D].</param>
    /// <param name="constants">k, log w_c − ½ (log σ²_cd + log 2π), [C, D].</param>
    /// <param name="means">μ, [C, D].</param>
    /// <param name="curvatures">−½ / σ², [C, D].</param>
    /// <param name="latent">D.</param>
    /// <param name="logMarginals">[N, D].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogMarginals(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> constants,
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> curvatures,
        int latent,
        Span<float> logMarginals)
    {
        for (int row = 0; row < z.Length; row += latent)
        {
            for (int d = 0; d < latent; d += Vectors.Width)
            {
                Vector512<float> at = Vectors.Load(z.Slice(row, latent), d);
                Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
                for (int c = d; c < means.Length; c += latent)
                {
                    largest = Vector512.Max(largest, Joint(at, constants, means, curvatures, c));
                }

                Vector512<float> sum = Vector512<float>.Zero;
                for (int c = d; c < means.Length; c += latent)
                {
                    sum += Vector512.Exp(Joint(at, constants, means, curvatures, c) - largest);
                }

                Vectors.Store(largest + Vector512.Log(sum), logMarginals.Slice(row, latent), d);
            }
        }
    }

    // log w_c + log N(z_d; μ_cd, σ²_cd). What lies beyond a row's end are the next row's numbers, and is dropped with their results.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Joint(
        Vector512<float> at, ReadOnlySpan<float> constants, ReadOnlySpan<float> means, ReadOnlySpan<float> curvatures, int start)
    {
        Vector512<float> distance = at - Vectors.Load(means, start);
        return (Vectors.Load(curvatures, start) * distance * distance) + Vectors.Load(constants, start);
    }
}
