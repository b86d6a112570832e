namespace Vae.Core.Engine;

/// <summary>The memory of tensors on the CPU, for passes of our own.</summary>
internal static class TensorMemory
{
    /// <summary>The most bytes that a tensor may have here: a span counts them in 31 bits.</summary>
    public const long MostBytes = int.MaxValue;

    /// <summary>A tensor's numbers where they are; valid as long as the tensor is.</summary>
    /// <typeparam name="T">The type of its numbers.</typeparam>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    /// <exception cref="VaeException">BadData: it has more than <see cref="MostBytes"/>.</exception>
    public static Span<T> Of<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(BytesOf(tensor));

    /// <summary>A tensor's numbers in float64, whatever its type, layout and device.</summary>
    public static double[] Doubles(Tensor tensor) => tensor.to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();

    /// <summary>A tensor's bytes where they are; valid as long as the tensor is.</summary>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    /// <exception cref="VaeException">BadData: it has more than <see cref="MostBytes"/>.</exception>
    public static Span<byte> BytesOf(Tensor tensor)
    {
        long bytes = tensor.numel() * tensor.element_size();
        return bytes <= MostBytes ? tensor.bytes : throw new VaeException(
            FailureKind.BadData,
            $"a tensor [{string.Join(", ", tensor.shape)}] would have {MemorySize.Text(bytes)}, "
            + $"and one may have {MemorySize.Text(MostBytes)}; make the batch, the samples of an image or the layers smaller");
    }
}

/// <summary>
/// Keeps tensors' memory in the process between uses. glibc's allocator gives freed blocks back to the system and takes them anew, a page
/// fault for every 4 kB, until it has once seen a block of that size be freed (mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD). With the
/// decoder's outputs that costs up to a fifth of the time.
/// </summary>
internal static class FreedMemory
{
    // The allocator learns from blocks up to 32 MB, and keeps twice the size it has seen.
    private const long Bytes = 24L << 20;

    /// <summary>Takes a large block once and frees it, untouched; on other allocators this does nothing of note.</summary>
    public static void Keep()
    {
        using Tensor block = empty(Bytes, ScalarType.Byte);
    }
}

/// <summary>Amounts of memory in words.</summary>
internal static class MemorySize
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>"9.00 GiB" for example, with the unit that leaves a number below 1,024.</summary>
    public static string Text(double bytes)
    {
        int unit = 0;
        for (; bytes >= 1023.995 && unit < Units.Length - 1; unit++)
        {
            bytes /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:F2} {Units[unit]}");
    }
}

/// <summary>
/// A contiguous tensor that stays where it is: matrix products see it as a tensor and, where it is of the type and on the CPU,
/// our own passes see it as memory.
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

    /// <summary>Some rows of a matrix as a tensor; the caller disposes of it.</summary>
    public Tensor Rows(int start, int end) => Tensor.narrow(0, start, end - start).DetachFromDisposeScope();

    public void Dispose() => Tensor.Dispose();
}
