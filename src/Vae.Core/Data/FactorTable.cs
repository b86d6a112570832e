namespace Vae.Core.Data;

/// <summary>The known generating factors of a set of images: names and values [N, F].</summary>
public sealed class FactorTable
{
    private readonly float[] _values;

    /// <summary>Takes over <paramref name="values"/>, row by row: one row an image, one column a factor.</summary>
    public FactorTable(IReadOnlyList<string> names, float[] values)
    {
        if (names.Count == 0 || values.Length % names.Count != 0)
        {
            throw new ArgumentException($"{values.Length} values do not make rows of {names.Count} factors", nameof(values));
        }

        Names = names;
        _values = values;
    }

    /// <summary>The names of the factors, in the order of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of rows N.</summary>
    public int Count => _values.Length / Names.Count;

    /// <summary>The factors of one image [F].</summary>
    public ReadOnlySpan<float> Row(int index) => _values.AsSpan(checked(index * Names.Count), Names.Count);

    /// <summary>The rows of the given images, in their order.</summary>
    public FactorTable Select(ReadOnlySpan<int> indices)
    {
        float[] values = new float[indices.Length * Names.Count];
        for (int i = 0; i < indices.Length; i++)
        {
            Row(indices[i]).CopyTo(values.AsSpan(i * Names.Count));
        }

        return new FactorTable(Names, values);
    }
}
