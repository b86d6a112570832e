using System.Numerics;
using System.Numerics.Tensors;

namespace Vae.Core.Likelihoods;

/// <summary>
/// Σ x·l − softplus(l) over the pixels of an image in one pass, without gradients. The tensor library takes about ten passes over memory
/// for it, more time than the decoder's matrix product.
/// </summary>
internal static class BernoulliKernel
{
    // A product of so many factors in (1, 2] stays far below the largest float.
    private const int FactorsPerLogarithm = 64;

    /// <summary>log p(x|z) of one image in nats.</summary>
    /// <param name="logits">[P].</param>
    /// <param name="target">[P], each 0 or 1.</param>
    public static double LogProbability(ReadOnlySpan<float> logits, ReadOnlySpan<float> target)
    {
        // softplus(l) = max(l, 0) + log(1 + exp(−|l|)); the logarithm is taken of products of many pixels' terms.
        int width = Vector<float>.Count;
        int whole = logits.Length - (logits.Length % width);
        Vector<float> linear = Vector<float>.Zero;
        Vector<float> product = Vector<float>.One;
        double logarithms = 0;
        int factors = 0;
        for (int i = 0; i < whole; i += width)
        {
            Vector<float> l = new(logits[i..]);
            Vector<float> x = new(target[i..]);
            linear += (x * l) - Vector.Max(l, Vector<float>.Zero);
            product *= Vector<float>.One + Vector.Exp(-Vector.Abs(l));
            if (++factors == FactorsPerLogarithm)
            {
                logarithms += SumOfLogarithms(product);
                product = Vector<float>.One;
                factors = 0;
            }
        }

        double sum = Vector.Sum(linear) - logarithms - SumOfLogarithms(product);
        for (int i = whole; i < logits.Length; i++)
        {
            float l = logits[i];
            sum += (target[i] * l) - Math.Max(l, 0) - Math.Log(1 + Math.Exp(-Math.Abs(l)));
        }

        return sum;
    }

    private static double SumOfLogarithms(Vector<float> product)
    {
        Span<float> values = stackalloc float[Vector<float>.Count];
        product.CopyTo(values);
        TensorPrimitives.Log(values, values);
        return TensorPrimitives.Sum<float>(values);
    }
}
