using System.Runtime.Intrinsics;
using Vae.Core.Engine;

namespace Vae.Core.Training.Fused;

/// <summary>The bound of log-variances (<see cref="Distributions.LogVarianceBound"/>) and its slope, sixteen at a time.</summary>
internal static class SmoothClampVector
{
    /// <summary>m + softplus(h − m) − softplus(h − M), and its derivative σ(h − m) − σ(h − M).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> Slope) Apply(Vector512<float> h, Vector512<float> minimum, Vector512<float> maximum)
    {
        Vector512<float> value = Vector512.Min(Vector512.Max(h, minimum), maximum)
            + Vectors.Log1PlusExp(-Vector512.Abs(h - minimum))
            - Vectors.Log1PlusExp(-Vector512.Abs(h - maximum));
        return (value, Vectors.Sigmoid(h - minimum) - Vectors.Sigmoid(h - maximum));
    }
}
