namespace Vae.Core.Engine;

/// <summary>Draws that a device makes by itself, from its default generator, so that the host has nothing to send.</summary>
internal static class DeviceNoise
{
    /// <summary>
    /// Sets the default generators so that what is drawn next is a pure function of the stream and the counters. Nothing draws from them without
    /// setting them first.
    /// </summary>
    public static void Seed(RandomStream stream, long major, uint minor = 0)
    {
        using Generator generator = manual_seed((long)stream.Bits64(major, minor));
    }

    /// <summary>Standard normal values, float32.</summary>
    public static Tensor Normal(Device device, params long[] shape) => randn(shape, ScalarType.Float32, device);

    /// <summary>Values uniform in [0, 1), float32.</summary>
    public static Tensor Uniform(Device device, params long[] shape) => rand(shape, ScalarType.Float32, device);
}
