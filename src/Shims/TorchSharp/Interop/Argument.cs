using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

internal enum ValueKind
{
    None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, OptionalTensorList, Device, Generator, String,
}

/// <summary>One argument or result as the native part sees it: `struct Value` of native/vae_torch.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueKind Kind;
    public int Count;
    public long Bits;
}

/// <summary>
/// One argument of an operator. It keeps the managed objects alive while the call runs, and everything that an
/// operator takes converts to it, so that calling one reads like a plain call.
/// </summary>
internal readonly struct Argument
{
    private readonly object? _reference;
    private readonly long _bits;
    private readonly ValueKind _kind;
    private readonly int _count;

    private Argument(ValueKind kind, object? reference, long bits = 0, int count = 0)
    {
        (_kind, _reference, _bits, _count) = (kind, reference, bits, count);
    }

    /// <summary>How many 8-byte slots beside the argument itself its content takes.</summary>
    public int Slots => _kind switch
    {
        ValueKind.IntList or ValueKind.DoubleList or ValueKind.TensorList or ValueKind.OptionalTensorList => _count,
        ValueKind.String => (_count + 7) / 8,
        _ => 0,
    };

    public static Argument None => default;

    public static implicit operator Argument(Tensor? tensor) =>
        tensor is null ? default : new(ValueKind.Tensor, tensor);

    public static implicit operator Argument(long value) => new(ValueKind.Int, null, value);

    public static implicit operator Argument(long? value) => value is { } v ? v : default(Argument);

    public static implicit operator Argument(double value) => new(ValueKind.Double, null, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value is { } v ? v : default(Argument);

    public static implicit operator Argument(bool value) => new(ValueKind.Bool, null, value ? 1 : 0);

    public static implicit operator Argument(ScalarType value) => (long)value;

    public static implicit operator Argument(ScalarType? value) => value is { } v ? (long)v : default(Argument);

    public static implicit operator Argument(Scalar? value) => value is null ? default : new(value.Kind, null, value.Bits);

    public static implicit operator Argument(long[]? values) =>
        values is null ? default : new(ValueKind.IntList, values, 0, values.Length);

    public static implicit operator Argument(ReadOnlySpan<long> values) => values.ToArray();

    public static implicit operator Argument(double[]? values) =>
        values is null ? default : new(ValueKind.DoubleList, values, 0, values.Length);

    public static implicit operator Argument(Tensor[] tensors) => new(ValueKind.TensorList, tensors, 0, tensors.Length);

    public static implicit operator Argument(Device? device) =>
        device is null ? default : new(ValueKind.Device, null, (long)device.type, device.index);

    public static implicit operator Argument(Generator? generator) =>
        generator is null ? default : new(ValueKind.Generator, generator);

    public static implicit operator Argument(string? text)
    {
        if (text is null)
        {
            return default;
        }

        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        return new(ValueKind.String, utf8, 0, utf8.Length);
    }

    /// <summary>Indices by dimension; a null stands for a dimension that is taken whole.</summary>
    public static Argument Optional(Tensor?[] tensors) => new(ValueKind.OptionalTensorList, tensors, 0, tensors.Length);

    public static Argument List(IEnumerable<Tensor> tensors) => tensors as Tensor[] ?? [.. tensors];

    /// <summary>Writes the argument for the native side; lists go to `slots`. Returns how many slots it took.</summary>
    public unsafe int Write(out NativeValue value, long* slots)
    {
        value.Kind = _kind;
        value.Count = _count;
        value.Bits = _bits;
        switch (_kind)
        {
            case ValueKind.Tensor:
                value.Bits = Unsafe.As<Tensor>(_reference!).Handle;
                return 0;
            case ValueKind.Generator:
                value.Bits = Unsafe.As<Generator>(_reference!).Handle;
                return 0;
            case ValueKind.IntList:
                Unsafe.As<long[]>(_reference!).CopyTo(new Span<long>(slots, _count));
                break;
            case ValueKind.DoubleList:
                Unsafe.As<double[]>(_reference!).CopyTo(new Span<double>(slots, _count));
                break;
            case ValueKind.String:
                Unsafe.As<byte[]>(_reference!).CopyTo(new Span<byte>(slots, _count));
                break;
            case ValueKind.TensorList:
            case ValueKind.OptionalTensorList:
                var tensors = (Tensor?[])_reference!;
                for (var i = 0; i < tensors.Length; i++)
                {
                    slots[i] = tensors[i]?.Handle ?? 0;
                }

                break;
            default:
                return 0;
        }

        value.Bits = (nint)slots;
        return Slots;
    }
}
