using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) => rawArray switch
        {
            _ when rawArray.GetType().GetElementType() == typeof(bool) => FromGrid<bool>(rawArray, dtype, device, requires_grad, names),
            _ when rawArray.GetType().GetElementType() == typeof(byte) => FromGrid<byte>(rawArray, dtype, device, requires_grad, names),
            _ when rawArray.GetType().GetElementType() == typeof(int) => FromGrid<int>(rawArray, dtype, device, requires_grad, names),
            _ when rawArray.GetType().GetElementType() == typeof(long) => FromGrid<long>(rawArray, dtype, device, requires_grad, names),
            _ when rawArray.GetType().GetElementType() == typeof(float) => FromGrid<float>(rawArray, dtype, device, requires_grad, names),
            _ when rawArray.GetType().GetElementType() == typeof(double) => FromGrid<double>(rawArray, dtype, device, requires_grad, names),
            _ => throw new ArgumentException($"There is no tensor of {rawArray.GetType().GetElementType()}.", nameof(rawArray)),
        };

    /// <summary>A tensor over the array's own memory: neither is a copy of the other.</summary>
    public static unsafe Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var elementType = ScalarTypeOf(rawArray.GetType().GetElementType()!);
        if (elementType != dtype)
        {
            throw new ArgumentException($"An array of {elementType} is no buffer of {dtype}.", nameof(dtype));
        }

        var length = count < 0 ? rawArray.LongLength - offset : count;
        if (offset < 0 || length < 0 || offset + length > rawArray.LongLength)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"{length} elements from {offset} exceed the array's {rawArray.LongLength}.");
        }

        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        var data = pin.AddrOfPinnedObject() + (nint)(offset * ElementSize(rawArray));
        var handle = NativeMethods.vt_tensor_from_blob(data, &length, 1, (int)dtype, &Unpin, GCHandle.ToIntPtr(pin));
        if (handle == 0)
        {
            pin.Free();
            throw NativeMethods.LastError();
        }

        return Finish(new Tensor(handle), requires_grad, null);

        static long ElementSize(Array array) => Buffer.ByteLength(array) / Math.Max(array.LongLength, 1);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();

    private static Tensor FromElements<T>(
        IList<T> elements, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged =>
        FromSpan(elements as T[] ?? elements.ToArray(), dimensions, dtype, device, requiresGrad, names);

    private static Tensor FromGrid<T>(Array grid, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged
    {
        Span<long> dimensions = stackalloc long[grid.Rank];
        for (var dim = 0; dim < grid.Rank; dim++)
        {
            dimensions[dim] = grid.GetLength(dim);
        }

        var elements = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(grid)), grid.Length);
        return FromSpan(elements, dimensions, dtype, device, requiresGrad, names);
    }

    private static Tensor FromSpan<T>(
        ReadOnlySpan<T> elements, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged
    {
        var count = 1L;
        foreach (var dim in dimensions)
        {
            count *= dim;
        }

        if (count != elements.Length)
        {
            throw new ArgumentException($"{elements.Length} elements do not fill a tensor of {count}.", nameof(elements));
        }

        var tensor = Op.Empty.Call(dimensions, ScalarTypeOf(typeof(T)), Argument.None, CPU);
        MemoryMarshal.AsBytes(elements).CopyTo(tensor.bytes);
        return Place(tensor, dtype, device, requiresGrad, names);
    }

    private static Tensor FromScalar<T>(T scalar, ScalarType? dtype, Device? device, bool requiresGrad)
        where T : unmanaged =>
        FromSpan(new ReadOnlySpan<T>(in scalar), [], dtype, device, requiresGrad, null);

    private static Tensor Place(Tensor tensor, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
    {
        if ((dtype is { } type && type != tensor.dtype) || (device is not null && device.type != DeviceType.CPU))
        {
            tensor = tensor.to(dtype ?? tensor.dtype, device ?? CPU, disposeAfter: true);
        }

        return Finish(tensor, requiresGrad, names);
    }

    private static ScalarType ScalarTypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => ScalarType.Bool,
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        _ => throw new ArgumentException($"There is no tensor of {type}."),
    };
}
