using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Vae.Core.Networks;

/// <summary>
/// The orthogonal factor of a matrix by Gram and Schmidt in float64. Every product and sum is written out with a fixed width and order, so
/// that the result is the same on every machine, which no LAPACK promises.
/// </summary>
internal static class OrthogonalMatrix
{
    /// <summary>Orthonormal rows, or columns where those are fewer; of normal draws any such matrix is as likely.</summary>
    /// <param name="matrix">[rows, …] float32, on the CPU.</param>
    /// <returns>Of the same shape.</returns>
    public static Tensor Orthonormalize(Tensor matrix)
    {
        Tensor rows = matrix.flatten(1);
        bool byRow = rows.shape[0] <= rows.shape[1];
        Tensor vectors = (byRow ? rows : rows.t()).to_type(ScalarType.Float64).contiguous(); // [count, length]
        GramSchmidt(TensorMemory.Of<double>(vectors), (int)vectors.shape[1]);
        return (byRow ? vectors : vectors.t()).to_type(ScalarType.Float32).reshape(matrix.shape);
    }

    // Twice is enough: after the second pass the vectors are orthogonal to the last bits (Giraud et al. 2005).
    private static void GramSchmidt(Span<double> vectors, int length)
    {
        for (int start = 0; start < vectors.Length; start += length)
        {
            Span<double> vector = vectors.Slice(start, length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int before = 0; before < start; before += length)
                {
                    ReadOnlySpan<double> other = vectors.Slice(before, length);
                    TensorPrimitives.MultiplyAdd(other, -Dot(vector, other), vector, vector);
                }
            }

            TensorPrimitives.Divide(vector, Math.Sqrt(Dot(vector, vector)), vector);
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        ReadOnlySpan<Vector256<double>> a = MemoryMarshal.Cast<double, Vector256<double>>(left);
        ReadOnlySpan<Vector256<double>> b = MemoryMarshal.Cast<double, Vector256<double>>(right);
        Vector256<double> even = Vector256<double>.Zero;
        Vector256<double> odd = Vector256<double>.Zero;
        int i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }

        if (i < a.Length)
        {
            even += a[i] * b[i];
        }

        even += odd;
        double sum = ((even[0] + even[1]) + even[2]) + even[3];
        for (int j = a.Length * Vector256<double>.Count; j < left.Length; j++)
        {
            sum += left[j] * right[j];
        }

        return sum;
    }
}
