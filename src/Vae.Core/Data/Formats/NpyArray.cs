namespace Vae.Core.Data.Formats;

/// <summary>An array read from an NPY file or an NPZ archive, in C order.</summary>
internal sealed class NpyArray
{
    private readonly Array _values;

    internal NpyArray(NpyType type, long[] shape, Array values)
    {
        Type = type;
        Shape = shape;
        _values = values;
    }

    /// <summary>The type of the elements.</summary>
    public NpyType Type { get; }

    /// <summary>The size of each dimension; empty for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Length => _values.Length;

    /// <summary>The elements, as <see cref="float"/>, <see cref="long"/> or <see cref="byte"/> according to <see cref="Type"/>.</summary>
    /// <exception cref="InvalidOperationException">Where the array is of another type.</exception>
    public T[] Values<T>()
        where T : unmanaged =>
        typeof(T[]) == _values.GetType()
            ? (T[])_values
            : throw new InvalidOperationException($"an array of {Type} cannot be taken as {typeof(T).Name}");
}
