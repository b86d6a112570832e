using System.Diagnostics.CodeAnalysis;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number without a tensor around it; which kind it is takes part in the choice of a result's type.</summary>
[SuppressMessage("Design", "CA1063", Justification = "The package's signature; there is nothing to release.")]
public sealed class Scalar : IDisposable
{
    internal Scalar(ScalarType type, ValueKind kind, long bits)
    {
        (Type, Kind, Bits) = (type, kind, bits);
    }

    public ScalarType Type { get; }

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    internal double AsDouble => Kind == ValueKind.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Kind == ValueKind.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    public static implicit operator Scalar(byte value) => new(ScalarType.Int64, ValueKind.Int, value);

    public static implicit operator Scalar(sbyte value) => new(ScalarType.Int64, ValueKind.Int, value);

    public static implicit operator Scalar(short value) => new(ScalarType.Int64, ValueKind.Int, value);

    public static implicit operator Scalar(int value) => new(ScalarType.Int64, ValueKind.Int, value);

    public static implicit operator Scalar(long value) => new(ScalarType.Int64, ValueKind.Int, value);

    public static implicit operator Scalar(Half value) => (double)value;

    public static implicit operator Scalar(float value) => (double)value;

    public static implicit operator Scalar(double value) =>
        new(ScalarType.Float64, ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, ValueKind.Bool, value ? 1 : 0);

    public void Dispose()
    {
    }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this sbyte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble;

    public static double ToDouble(this Scalar value) => value.AsDouble;

    public static byte ToByte(this Scalar value) => (byte)value.AsInt64;

    public static short ToInt16(this Scalar value) => (short)value.AsInt64;

    public static int ToInt32(this Scalar value) => (int)value.AsInt64;

    public static long ToInt64(this Scalar value) => value.AsInt64;

    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
