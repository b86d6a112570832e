namespace Vae.Core.Imaging;

/// <summary>Lays out pairs of images for a grid: a row of the upper ones, below it a row of the lower ones, and so on.</summary>
public static class ImagePairs
{
    private const int MostInRow = 16;
    private const float Blank = 1; // white, as the padding around images is

    /// <summary>Pairs in a row: all up to 16, else rows as even as can be, so that the last is not left almost empty.</summary>
    /// <param name="count">How many pairs, at least 1.</param>
    public static int ColumnsFor(int count) => ImageGrid.RowsFor(count, ImageGrid.RowsFor(count, MostInRow));

    /// <summary>Arranges pairs in whole rows; where a last row is shorter, white images fill it.</summary>
    /// <param name="upper">[N, P].</param>
    /// <param name="lower">[N, P].</param>
    /// <param name="pixels">P, at least 1.</param>
    /// <param name="columns">Pairs in a row, at least 1.</param>
    /// <returns>Images [2 · rows · columns, P], row by row.</returns>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static float[] Arrange(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, int pixels, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (upper.Length != lower.Length || upper.Length % pixels != 0)
        {
            throw new ArgumentException($"{upper.Length} and {lower.Length} values are no pairs of images of {pixels}", nameof(lower));
        }

        int row = checked(columns * pixels);
        int rows = ((upper.Length - 1) / row) + 1;
        float[] arranged = new float[checked(2 * rows * row)];
        Array.Fill(arranged, Blank);
        for (int r = 0; r < rows; r++)
        {
            int start = r * row;
            int length = Math.Min(row, upper.Length - start);
            upper.Slice(start, length).CopyTo(arranged.AsSpan(2 * start));
            lower.Slice(start, length).CopyTo(arranged.AsSpan((2 * start) + row));
        }

        return arranged;
    }
}
