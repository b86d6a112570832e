using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static readonly ScalarType @bool = ScalarType.Bool;
    public static readonly ScalarType uint8 = ScalarType.Byte;
    public static readonly ScalarType int8 = ScalarType.Int8;
    public static readonly ScalarType int16 = ScalarType.Int16;
    public static readonly ScalarType int32 = ScalarType.Int32;
    public static readonly ScalarType int64 = ScalarType.Int64;
    public static readonly ScalarType bfloat16 = ScalarType.BFloat16;
    public static readonly ScalarType float16 = ScalarType.Float16;
    public static readonly ScalarType float32 = ScalarType.Float32;
    public static readonly ScalarType float64 = ScalarType.Float64;
    public static readonly ScalarType @int = ScalarType.Int32;
    public static readonly ScalarType @long = ScalarType.Int64;
    public static readonly ScalarType half = ScalarType.Float16;
    public static readonly ScalarType @float = ScalarType.Float32;
    public static readonly ScalarType @double = ScalarType.Float64;

    /// <summary>The version of the libtorch at hand.</summary>
    public static unsafe string __version__ => NativeMethods.Text(NativeMethods.vt_version());

    public static ScalarType get_default_dtype() => (ScalarType)NativeMethods.vt_default_dtype();

    public static void set_default_dtype(ScalarType dtype) => NativeMethods.Check(NativeMethods.vt_set_default_dtype((int)dtype));

    public static int get_num_threads() => NativeMethods.vt_num_threads();

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.vt_set_num_threads(num));

    public static int get_num_interop_threads() => NativeMethods.vt_num_interop_threads();

    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.vt_set_num_interop_threads(num));

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_integral(Tensor t) => is_integral(t.dtype);

    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);

    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType == DeviceType.CPU || (deviceType == DeviceType.CUDA && cuda.is_available());

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
        {
            throw new InvalidOperationException($"This libtorch has no usable device of type {deviceType}.");
        }
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= CPU;
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => NativeMethods.vt_cudnn_available() != 0;

        public static int device_count() => NativeMethods.vt_cuda_device_count();

        public static void manual_seed(long seed)
        {
            if (is_available())
            {
                using var generator = Generator.DefaultOf(DeviceType.CUDA, -1);
                generator.manual_seed(seed);
            }
        }

        public static void manual_seed_all(long seed)
        {
            for (var index = 0; index < device_count(); index++)
            {
                using var generator = Generator.DefaultOf(DeviceType.CUDA, index);
                generator.manual_seed(seed);
            }
        }

        public static void synchronize(Device? device = null) =>
            NativeMethods.Check(NativeMethods.vt_cuda_synchronize(device?.index ?? -1));
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => NativeMethods.Check(NativeMethods.vt_allow_tf32(0)) != 0;
                    set => NativeMethods.Check(NativeMethods.vt_set_allow_tf32(0, value ? 1 : 0));
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => NativeMethods.Check(NativeMethods.vt_allow_tf32(1)) != 0;
                set => NativeMethods.Check(NativeMethods.vt_set_allow_tf32(1, value ? 1 : 0));
            }
        }
    }
}
