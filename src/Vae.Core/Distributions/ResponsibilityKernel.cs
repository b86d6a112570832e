using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Distributions;

/// <summary>
/// The step from the joint log-densities of a point to its density and to what each component has of it, in one place of memory.
/// </summary>
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
