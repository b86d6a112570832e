namespace Vae.Core.Likelihoods;

/// <summary>
/// Σ x·l − softplus(l) over the pixels of an image in one pass, alone or with its gradient. The tensor library takes about ten passes over
/// memory for it, more time than the decoder's matrix product.
/// </summary>
internal static class BernoulliKernel
{
    // A product of so many factors in (1, 2] stays far below the largest float.
    private const int FactorsPerLogarithm = 64;
    private const int VectorsPerSum = 16;

    /// <summary>log p(x|z) of one image in nats.</summary>
    /// <param name="logits">[P].</param>
    /// <param name="target">[P], each 0 or 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogProbability(ReadOnlySpan<float> logits, ReadOnlySpan<float> target)
    {
        // softplus(l) = max(l, 0) + log(1 + exp(−|l|)); the logarithm is taken of products of many pixels' terms.
        int width = Vector512<float>.Count;
        int whole = logits.Length - (logits.Length % width);
        ref float l0 = ref MemoryMarshal.GetReference(logits);
        ref float x0 = ref MemoryMarshal.GetReference(target[..logits.Length]);
        Vector512<float> linear = Vector512<float>.Zero;
        Vector512<float> product = Vector512<float>.One;
        double logarithms = 0;
        for (int start = 0; start < whole;)
        {
            int end = Math.Min(whole, start + (FactorsPerLogarithm * width));
            for (; start < end; start += width)
            {
                Vector512<float> l = Vector512.LoadUnsafe(ref l0, (nuint)start);
                Vector512<float> x = Vector512.LoadUnsafe(ref x0, (nuint)start);
                linear += (x * l) - Vector512.Max(l, Vector512<float>.Zero);
                product *= Vector512<float>.One + Vector512.Exp(-Vector512.Abs(l));
            }

            logarithms += Vector512.Sum(Vector512.Log(product));
            product = Vector512<float>.One;
        }

        double sum = Vector512.Sum(linear) - logarithms;
        for (int i = whole; i < logits.Length; i++)
        {
            float l = logits[i];
            sum += (target[i] * l) - Math.Max(l, 0) - Math.Log(1 + Math.Exp(-Math.Abs(l)));
        }

        return sum;
    }

    /// <summary>log p(x|z) of one image in nats, and the gradient s·(x − σ(l)) of s·log p(x|z) in the logits' place.</summary>
    /// <param name="logits">l without the last layer's bias, [P]; the gradient afterwards.</param>
    /// <param name="bias">The bias, [P].</param>
    /// <param name="target">[P], each 0 or 1.</param>
    /// <param name="scale">s.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogProbabilityAndGradient(Span<float> logits, ReadOnlySpan<float> bias, ReadOnlySpan<float> target, float scale)
    {
        int width = Vector512<float>.Count;
        int whole = logits.Length - (logits.Length % width);
        ref float l0 = ref MemoryMarshal.GetReference(logits);
        ref float b0 = ref MemoryMarshal.GetReference(bias[..logits.Length]);
        ref float x0 = ref MemoryMarshal.GetReference(target[..logits.Length]);
        double sum = 0;
        for (int start = 0; start < whole;)
        {
            // Short sums in float32: importance weights are powers of what comes out.
            int end = Math.Min(whole, start + (VectorsPerSum * width));
            Vector512<float> linear = Vector512<float>.Zero;
            Vector512<float> product = Vector512<float>.One;
            for (; start < end; start += width)
            {
                Vector512<float> l = Vector512.LoadUnsafe(ref l0, (nuint)start) + Vector512.LoadUnsafe(ref b0, (nuint)start);
                Vector512<float> x = Vector512.LoadUnsafe(ref x0, (nuint)start);
                Vector512<float> power = Vector512.Exp(-Vector512.Abs(l));
                Vector512<float> factor = Vector512<float>.One + power;
                Vector512<float> larger = Vector512<float>.One / factor; // of σ(l) and σ(−l)
                Vector512<float> sigmoid =
                    Vector512.ConditionalSelect(Vector512.LessThan(l, Vector512<float>.Zero), power * larger, larger);
                linear += (x * l) - Vector512.Max(l, Vector512<float>.Zero);
                product *= factor;
                ((x - sigmoid) * scale).StoreUnsafe(ref l0, (nuint)start);
            }

            sum += Vector512.Sum(linear) - Vector512.Sum(Vector512.Log(product));
        }

        for (int i = whole; i < logits.Length; i++)
        {
            double l = logits[i] + bias[i];
            sum += (target[i] * l) - Math.Max(l, 0) - Math.Log(1 + Math.Exp(-Math.Abs(l)));
            logits[i] = (float)((target[i] - (1 / (1 + Math.Exp(-l)))) * scale);
        }

        return sum;
    }
}
