using static TorchSharp.torch;

namespace Vae.Core.Engine;

/// <summary>Draws that a device makes by itself, from its default generator: those of a recorded step can come from no other.</summary>
public static class DeviceNoise
{
    /// <summary>
    /// Sets the default generators so that what is drawn next is a pure function of the stream and the counter. Nothing else in this library
    /// draws from them.
    /// </summary>
    public static void Seed(RandomStream stream, long major)
    {
        using Generator generator = manual_seed((long)stream.Bits64(major, 0));
    }

    /// <summary>Standard normal values, float32.</summary>
    public static Tensor Normal(Device device, params long[] shape) => randn(shape, ScalarType.Float32, device);

    /// <summary>Values uniform in [0, 1), float32.</summary>
    public static Tensor Uniform(Device device, params long[] shape) => rand(shape, ScalarType.Float32, device);
}
