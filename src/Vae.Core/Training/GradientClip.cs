namespace Vae.Core.Training;

/// <summary>What all clipping of gradients has in common, and the one that waits for no device.</summary>
internal static class GradientClip
{
    /// <summary>Added to a norm, against a division by zero; as the library's clip_grad_norm_ has it.</summary>
    public const double Margin = 1e-6;

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
        Tensor factor = Factor(norm, maximumNorm);
        foreach (Tensor gradient in gradients)
        {
            gradient.mul_(factor);
        }
    }

    /// <summary>What gradients of a common norm are to be multiplied with, on the norm's device.</summary>
    /// <param name="norm">[].</param>
    /// <param name="maximumNorm">The limit.</param>
    public static Tensor Factor(Tensor norm, double maximumNorm) => (maximumNorm / (norm + Margin)).clamp_max(1);
}
