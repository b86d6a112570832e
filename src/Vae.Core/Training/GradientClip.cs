using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vae.Core.Training;

/// <summary>Gradient clipping that waits for no device.</summary>
internal static class GradientClip
{
    private const double Tiny = 1e-6; // the library's own, against a division by zero

    /// <summary>
    /// Scales the gradients of all parameters together so that their common Euclidean norm is at most a limit (Pascanu et al. 2013), as
    /// clip_grad_norm_ does, which gives the norm to the host and so waits for it.
    /// </summary>
    /// <param name="parameters">Those without a gradient count as zero.</param>
    /// <param name="maximumNorm">The limit.</param>
    public static void OnDevice(IEnumerable<Parameter> parameters, double maximumNorm)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        if (gradients.Length == 0)
        {
            return;
        }

        Tensor norm = stack(gradients.Select(gradient => gradient.norm())).norm(); // []
        Tensor factor = (maximumNorm / (norm + Tiny)).clamp_max(1);
        foreach (Tensor gradient in gradients)
        {
            gradient.mul_(factor);
        }
    }
}
