using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Distributions;

/// <summary>From the joint log-densities of a point to its density and each component's share of it, in one place of memory.</summary>
internal static class ResponsibilityKernel
{
    // What is e^60 times less likely than the likeliest component has no part in a float64 sum. Of hundreds of components most are, and
    // their exponentials would be the largest part of the work: those that underflow take a microsecond each.
    private const double Negligible = -60;

    /// <summary>Turns log w_c + log N_c into responsibilities that add up to 1.</summary>
    /// <param name="joint">The logarithms, [C]; the responsibilities afterwards.</param>
    /// <returns>log Σ, the log-density in nats.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Normalize(Span<double> joint)
    {
        int width = Vector512<double>.Count;
        int whole = joint.Length - (joint.Length % width);
        double largest = TensorPrimitives.Max<double>(joint); // NaN where one is
        Vector512<double> sums = Vector512<double>.Zero;
        for (int c = 0; c < whole; c += width)
        {
            Vector512<double> difference = Vector512.Create<double>(joint[c..]) - Vector512.Create(largest);
            Vector512<double> isNegligible = Vector512.LessThan(difference, Vector512.Create(Negligible));
            Vector512<double> share = Vector512<double>.Zero;
            if (!Vector512.EqualsAll(isNegligible.AsInt64(), Vector512<long>.AllBitsSet))
            {
                share = Vector512.AndNot(Vector512.Exp(Vector512.Max(difference, Vector512.Create(Negligible))), isNegligible);
            }

            sums += share;
            share.CopyTo(joint[c..]);
        }

        double sum = Vector512.Sum(sums);
        for (int c = whole; c < joint.Length; c++)
        {
            double remaining = joint[c] - largest;
            joint[c] = remaining < Negligible ? 0 : Math.Exp(remaining);
            sum += joint[c];
        }

        TensorPrimitives.Multiply(joint, 1 / sum, joint);
        return largest + Math.Log(sum);
    }
}

/// <summary>The marginals of a mixture at many points, without anything of size N·C·D: a validation set has 10⁸ such numbers.</summary>
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
