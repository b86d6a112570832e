using Vae.Core.Configuration;
using Vae.Core.Engine;

namespace Vae.Core.Composition;

/// <summary>What a configuration asks of a GPU.</summary>
internal static class GpuSettings
{
    /// <summary>Sets the precision of products, and refuses one that the device does not have.</summary>
    /// <param name="train">The configuration.</param>
    /// <param name="device">Where the run computes.</param>
    /// <exception cref="VaeException">Usage for a CPU, which has float32 alone.</exception>
    public static void Apply(TrainConfiguration train, ComputeDevice device)
    {
        if (!device.IsCpu)
        {
            ComputePrecision.AllowTensorFloat32(train.Precision == Precision.Tf32);
        }
        else if (train.Precision != Precision.Float32)
        {
            throw new VaeException(
                FailureKind.Usage,
                $"train.precision: \"{ConfigurationName.Of(train.Precision)}\" is for a GPU, and the device is {device.Name} ({device.Reason}); use \"float32\"");
        }
    }
}
