using System.Runtime.Intrinsics.X86;

namespace Vae.Core.Engine;

/// <summary>What the passes over memory have in common: sixteen numbers at a time, the last of them partly filled.</summary>
/// <remarks>
/// Passes are compiled with full optimization at their first call: the code of a first tier calls a function for every vector operation,
/// and would be slow for the first seconds and mislead the choice of threads. There is no call in a pass where masks do for the last
/// numbers: one alone, seldom taken, has the compiler keep every vector in memory, which makes a pass three times slower.
/// </remarks>
internal static class Vectors
{
    /// <summary>Numbers of one vector.</summary>
    public const int Width = 16;

    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>The numbers from an index on; what lies beyond the end is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> Load(ReadOnlySpan<float> values, int start)
    {
        ref float first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), start);
        if (start + Width <= values.Length)
        {
            return Vector512.LoadUnsafe(ref first);
        }

        if (!Avx512F.IsSupported)
        {
            return LoadPart(values, start);
        }

        fixed (float* place = &first)
        {
            return Avx512F.MaskLoad(place, Lanes(values.Length - start), Vector512<float>.Zero);
        }
    }

    /// <summary>Writes the numbers from an index on; those beyond the end are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(Vector512<float> vector, Span<float> values, int start)
    {
        ref float first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), start);
        if (start + Width <= values.Length)
        {
            vector.StoreUnsafe(ref first);
        }
        else if (!Avx512F.IsSupported)
        {
            StorePart(vector, values, start);
        }
        else
        {
            fixed (float* place = &first)
            {
                Avx512F.MaskStore(place, Lanes(values.Length - start), vector);
            }
        }
    }

    /// <summary>
    /// The numbers, with 0 for those nearer to it than a normal number can be (1.2e-38): processors take a hundred cycles for each such
    /// one, and what halves again and again stays there for ever, since its last bit is rounded up.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WithoutSubnormals(Vector512<float> x) =>
        Vector512.AndNot(x, Vector512.LessThan(Vector512.Abs(x), Vector512.Create(SmallestNormal)));

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));

    /// <summary>log(1 + e^x), without overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero) + Log1PlusExp(-Vector512.Abs(x));

    /// <summary>log(1 + e^x) for x ≤ 0, to the precision of float32 also where it is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log1PlusExp(Vector512<float> x)
    {
        // log(1 + e) loses the last bits of a small e; e · log(1 + e) / ((1 + e) − 1) has the same errors above and below (Kahan).
        Vector512<float> e = Vector512.Exp(x);
        Vector512<float> sum = Vector512<float>.One + e;
        Vector512<float> rounded = sum - Vector512<float>.One;
        return Vector512.ConditionalSelect(Vector512.Equals(rounded, Vector512<float>.Zero), e, Vector512.Log(sum) * (e / rounded));
    }

    /// <summary>destination += source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += Width)
        {
            Store(Load(destination, i) + Load(source, i), destination, i);
        }
    }

    /// <summary>destination += factor · source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += Width)
        {
            Store(Load(destination, i) + (Load(source, i) * factor), destination, i);
        }
    }

    /// <summary>values *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> values, float factor)
    {
        for (int i = 0; i < values.Length; i += Width)
        {
            Store(Load(values, i) * factor, values, i);
        }
    }

    /// <summary>Σ v².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        const int Block = 64 * Width; // summed in float32 before it goes into float64
        double sum = 0;
        for (int start = 0; start < values.Length; start += Block)
        {
            int end = Math.Min(start + Block, values.Length);
            Vector512<float> part = Vector512<float>.Zero;
            for (int i = start; i < end; i += Width)
            {
                Vector512<float> v = Load(values[..end], i);
                part += v * v;
            }

            sum += Vector512.Sum(part);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lanes(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadPart(ReadOnlySpan<float> values, int start)
    {
        Span<float> part = stackalloc float[Width];
        part.Clear();
        values[start..].CopyTo(part);
        return Vector512.Create<float>(part);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart(Vector512<float> vector, Span<float> values, int start)
    {
        Span<float> part = stackalloc float[Width];
        vector.CopyTo(part);
        part[..(values.Length - start)].CopyTo(values[start..]);
    }
}
