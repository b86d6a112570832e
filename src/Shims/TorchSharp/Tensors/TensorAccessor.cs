using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in CPU memory, in row-major order whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable
    where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        _tensor = tensor;
        _data = (T*)tensor.DataPointer();
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    public T this[params long[] indices]
    {
        get => _data[Offset(indices)];
        set => _data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = Fitting(array, arrayIndex, tensorIndex);
        if (_contiguous)
        {
            new ReadOnlySpan<T>(_data + tensorIndex, target.Length).CopyTo(target);
        }
        else
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = _data[Offset(tensorIndex + i)];
            }
        }

        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        source = source[..(int)Math.Min(source.Length, Count - tensorIndex)];
        if (_contiguous)
        {
            source.CopyTo(new Span<T>(_data + tensorIndex, source.Length));
        }
        else
        {
            for (var i = 0; i < source.Length; i++)
            {
                _data[Offset(tensorIndex + i)] = source[i];
            }
        }

        GC.KeepAlive(_tensor);
    }

    public void Dispose()
    {
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    private Span<T> Fitting(Span<T> array, int arrayIndex, long tensorIndex)
    {
        var rest = array[arrayIndex..];
        return rest[..(int)Math.Min(rest.Length, Count - tensorIndex)];
    }

    /// <summary>Where the element of an index in row-major order lies.</summary>
    private long Offset(long index)
    {
        if (_contiguous)
        {
            return index;
        }

        var offset = 0L;
        for (var dim = _shape.Length - 1; dim >= 0; dim--)
        {
            (index, var position) = Math.DivRem(index, _shape[dim]);
            offset += position * _strides[dim];
        }

        return offset;
    }

    /// <summary>One index counts through all elements; several are one a dimension.</summary>
    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            return indices[0] >= 0 && indices[0] < Count
                ? Offset(indices[0])
                : throw new ArgumentOutOfRangeException(nameof(indices), $"{indices[0]} in a tensor of {Count} elements.");
        }

        var offset = 0L;
        for (var dim = 0; dim < _shape.Length; dim++)
        {
            if (indices[dim] < 0 || indices[dim] >= _shape[dim])
            {
                throw new IndexOutOfRangeException($"{indices[dim]} in dimension {dim} of size {_shape[dim]}.");
            }

            offset += indices[dim] * _strides[dim];
        }

        return offset;
    }
}
