namespace Vae.Core.Networks;

/// <summary>
/// The orthogonal factor of a matrix by Gram and Schmidt in float64. Every product and sum is written out with a fixed width and order, so
/// that the result is the same on every machine, which no LAPACK promises.
/// </summary>
internal static class OrthogonalMatrix
{
    /// <summary>
    /// Makes the rows of a matrix orthonormal, or its columns where those are fewer; of normal draws any such matrix is as likely.
    /// </summary>
    /// <param name="matrix">[rows, columns], row by row; replaced.</param>
    /// <param name="rows">The number of rows.</param>
    public static void Orthonormalize(Span<float> matrix, int rows)
    {
        int columns = matrix.Length / rows;
        bool byRow = rows <= columns;
        (int count, int length) = byRow ? (rows, columns) : (columns, rows);
        double[][] vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new double[length];
            for (int j = 0; j < length; j++)
            {
                vectors[i][j] = matrix[byRow ? (i * columns) + j : (j * columns) + i];
            }
        }

        GramSchmidt(vectors);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < length; j++)
            {
                matrix[byRow ? (i * columns) + j : (j * columns) + i] = (float)vectors[i][j];
            }
        }
    }

    // Twice is enough: after the second pass the vectors are orthogonal to the last bits (Giraud et al. 2005).
    private static void GramSchmidt(double[][] vectors)
    {
        for (int i = 0; i < vectors.Length; i++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int before = 0; before < i; before++)
                {
                    AddScaled(vectors[i], vectors[before], -Dot(vectors[i], vectors[before]));
                }
            }

            double norm = Math.Sqrt(Dot(vectors[i], vectors[i]));
            for (int j = 0; j < vectors[i].Length; j++)
            {
                vectors[i][j] /= norm;
            }
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

    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double scale)
    {
        Span<Vector256<double>> a = MemoryMarshal.Cast<double, Vector256<double>>(target);
        ReadOnlySpan<Vector256<double>> b = MemoryMarshal.Cast<double, Vector256<double>>(source);
        for (int i = 0; i < a.Length; i++)
        {
            a[i] += b[i] * scale;
        }

        for (int j = a.Length * Vector256<double>.Count; j < target.Length; j++)
        {
            target[j] += source[j] * scale;
        }
    }
}
