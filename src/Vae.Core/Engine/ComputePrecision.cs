namespace Vae.Core.Engine;

/// <summary>How exactly a GPU computes the updates.</summary>
internal enum Precision
{
    /// <summary>All in float32.</summary>
    Float32,

    /// <summary>Matrix products and convolutions of float32 tensors in TensorFloat-32.</summary>
    Tf32,
}

/// <summary>How exactly a GPU multiplies float32 matrices. The CPU always does it in float32.</summary>
internal static class ComputePrecision
{
    /// <summary>Sets the precision of products, and refuses one that the device does not have.</summary>
    /// <exception cref="VaeException">Usage for a CPU, which has float32 alone.</exception>
    public static void Use(Precision precision, ComputeDevice device)
    {
        if (!device.IsCpu)
        {
            AllowTensorFloat32(precision == Precision.Tf32);
        }
        else if (precision != Precision.Float32)
        {
            throw new VaeException(
                FailureKind.Usage,
                $"train.precision: \"tf32\" is for a GPU, and the device is {device.Name} ({device.Reason}); use \"float32\"");
        }
    }

    /// <summary>
    /// TensorFloat-32 (10 bits of mantissa in products, sums in float32) or plain float32, for matrix products and convolutions alike.
    /// libtorch by itself would use TensorFloat-32 in convolutions alone.
    /// </summary>
    public static void AllowTensorFloat32(bool allowed)
    {
        backends.cuda.matmul.allow_tf32 = allowed;
        backends.cudnn.allow_tf32 = allowed;
    }
}
