using Vae.Core.Engine;

namespace Vae.Core.Training.Fused;

/// <summary>
/// A contiguous tensor on the CPU that stays where it is: matrix products see it as a tensor, our own passes as memory.
/// </summary>
/// <typeparam name="T">Of its numbers.</typeparam>
internal unsafe class TensorBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly T* _start;
    private readonly int _length;

    /// <summary>Takes over a tensor, contiguous and of the type.</summary>
    public TensorBuffer(Tensor tensor)
    {
        Tensor = tensor;
        Span<byte> bytes = TensorMemory.BytesOf(tensor);
        _length = bytes.Length / sizeof(T);
        fixed (byte* start = bytes)
        {
            _start = (T*)start; // memory of the tensor library, which does not move
        }
    }

    /// <summary>The numbers as a tensor.</summary>
    public Tensor Tensor { get; }

    /// <summary>All numbers.</summary>
    public Span<T> Values => new(_start, _length);

    /// <summary>Some consecutive numbers.</summary>
    public Span<T> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)(uint)start + (uint)length, (ulong)_length, nameof(length));
        return new(_start + start, length);
    }

    /// <inheritdoc/>
    public void Dispose() => Tensor.Dispose();
}

/// <summary>Numbers in float32, zeros at first.</summary>
internal sealed class FloatBuffer : TensorBuffer<float>
{
    /// <summary>Numbers that one piece of memory may have: half of what is possible, which leaves room for alignment.</summary>
    public const long LargestLength = TensorMemory.MostBytes / sizeof(float) / 2;

    /// <summary>Takes memory.</summary>
    public FloatBuffer(params long[] shape)
        : this(zeros(shape, ScalarType.Float32, CPU).DetachFromDisposeScope())
    {
    }

    /// <summary>Takes over a tensor.</summary>
    public FloatBuffer(Tensor tensor)
        : base(tensor)
    {
    }
}

/// <summary>Numbers in float64, zeros at first.</summary>
internal sealed class DoubleBuffer(params long[] shape) : TensorBuffer<double>(zeros(shape, ScalarType.Float64, CPU).DetachFromDisposeScope());
