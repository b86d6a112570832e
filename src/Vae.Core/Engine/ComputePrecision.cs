namespace Vae.Core.Engine;

/// <summary>How exactly a GPU multiplies float32 matrices. The CPU always does it in float32.</summary>
public static class ComputePrecision
{
    /// <summary>
    /// TensorFloat-32 (10 bits of mantissa in products, sums in float32) or plain float32, for matrix products and convolutions alike. libtorch by
    /// itself would use TensorFloat-32 in convolutions alone.
    /// </summary>
    public static void AllowTensorFloat32(bool allowed)
    {
        backends.cuda.matmul.allow_tf32 = allowed;
        backends.cudnn.allow_tf32 = allowed;
    }
}
