namespace Vae.Core.Engine;

/// <summary>
/// A contiguous tensor that stays where it is: matrix products see it as a tensor and, where it is of the type and on the CPU, our own passes
/// see it as memory.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class TensorBuffer<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Numbers that one piece of memory may have: half of what is possible, which leaves room for alignment.</summary>
    public static readonly long LargestLength = TensorMemory.MostBytes / sizeof(T) / 2;

    private static readonly ScalarType Type = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;

    private readonly T* _start;
    private readonly int _length;

    /// <summary>Zeros in memory.</summary>
    public TensorBuffer(params long[] shape)
        : this(zeros(shape, Type, CPU).DetachFromDisposeScope())
    {
    }

    /// <summary>Takes over a contiguous tensor.</summary>
    public TensorBuffer(Tensor tensor)
    {
        Tensor = tensor;
        if (tensor.device_type != DeviceType.CPU || tensor.dtype != Type || tensor.numel() > LargestLength)
        {
            return;
        }

        IsInMemory = true;
        Span<T> values = TensorMemory.Of<T>(tensor);
        _length = values.Length;
        fixed (T* start = values)
        {
            _start = start; // memory of the tensor library, which does not move
        }
    }

    public Tensor Tensor { get; }

    public bool IsInMemory { get; }

    public Span<T> Values => Slice(0, _length);

    public Span<T> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)(uint)start + (uint)length, (ulong)_length, nameof(length));
        return new(_start + start, length);
    }

    public void Dispose() => Tensor.Dispose();
}
