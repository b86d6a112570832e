using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vae.Core.Distributions;

/// <summary>The step from the joint log-densities of a point to its density and to what each component has of it, in one place of memory.</summary>
internal static class ResponsibilityKernel
{
    private const double LogSmallestNormal = -708.3; // the library takes a microsecond for each exponential that underflows

    /// <summary>Turns log w_c + log N_c into responsibilities that add up to 1.</summary>
    /// <param name="joint">The logarithms, [C]; the responsibilities afterwards.</param>
    /// <returns>log Σ, the log-density in nats.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Normalize(Span<double> joint)
    {
        int width = Vector512<double>.Count;
        int whole = joint.Length - (joint.Length % width);
        double largest = Largest(joint, whole);
        Vector512<double> sums = Vector512<double>.Zero;
        for (int c = 0; c < whole; c += width)
        {
            Vector512<double> share = Vector512.Exp(Vector512.Create<double>(joint[c..]) - Vector512.Create(largest));
            sums += share;
            share.CopyTo(joint[c..]);
        }

        double sum = Vector512.Sum(sums);
        for (int c = whole; c < joint.Length; c++)
        {
            double difference = joint[c] - largest;
            joint[c] = difference < LogSmallestNormal ? 0 : Math.Exp(difference);
            sum += joint[c];
        }

        double factor = 1 / sum;
        for (int c = 0; c < whole; c += width)
        {
            (Vector512.Create<double>(joint[c..]) * factor).CopyTo(joint[c..]);
        }

        for (int c = whole; c < joint.Length; c++)
        {
            joint[c] *= factor;
        }

        return largest + Math.Log(sum);
    }

    private static double Largest(ReadOnlySpan<double> values, int whole)
    {
        int width = Vector512<double>.Count;
        Vector512<double> largest = Vector512.Create(double.NegativeInfinity);
        for (int c = 0; c < whole; c += width)
        {
            largest = Vector512.Max(largest, Vector512.Create<double>(values[c..]));
        }

        double result = double.NegativeInfinity;
        for (int lane = 0; lane < width; lane++)
        {
            result = Math.Max(result, largest[lane]);
        }

        for (int c = whole; c < values.Length; c++)
        {
            result = Math.Max(result, values[c]);
        }

        return result;
    }
}
