using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentException($"{type} is no element type.", nameof(type)),
    };

    public static float ToSingle(this Tensor value) => (float)value.ToScalar().AsDouble;

    public static double ToDouble(this Tensor value) => value.ToScalar().AsDouble;

    public static byte ToByte(this Tensor value) => (byte)value.ToScalar().AsInt64;

    public static short ToInt16(this Tensor value) => (short)value.ToScalar().AsInt64;

    public static int ToInt32(this Tensor value) => (int)value.ToScalar().AsInt64;

    public static long ToInt64(this Tensor value) => value.ToScalar().AsInt64;

    public static bool ToBoolean(this Tensor value) => value.ToScalar().AsDouble != 0;
}
