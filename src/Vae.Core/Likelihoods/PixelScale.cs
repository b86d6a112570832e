namespace Vae.Core.Likelihoods;

/// <summary>
/// Where the scale of a likelihood's pixels comes from: σ of a Gaussian, b of a Laplace, s of a logistic distribution, as its logarithm.
/// </summary>
public abstract class PixelScale : nn.Module
{
    /// <summary>The largest learned log σ: on pixels of [0, 1] any more is as good as flat.</summary>
    public const double MaximumLogScale = 1;

    /// <summary>Names the part in the state_dict.</summary>
    protected PixelScale()
        : base("scale")
    {
    }

    /// <summary>How many numbers the decoder gives for the scale of each pixel.</summary>
    public virtual int OutputsPerPixel => 0;

    /// <summary>Whether it is fitted to the batch as a whole.</summary>
    public virtual LossScope Scope => LossScope.PerImage;

    /// <summary>log σ as it stands.</summary>
    /// <param name="planes">The decoder's output, [..., O, P]; the scale's plane is the last.</param>
    /// <returns>[…, P] or a shape that broadcasts to it.</returns>
    public abstract Tensor LogScale(Tensor planes);

    /// <summary>log σ for pixels to be scored.</summary>
    /// <param name="planes">As above.</param>
    /// <param name="bestFit">Gives the log σ under which these pixels are most probable, a scalar.</param>
    /// <returns>As above.</returns>
    public virtual Tensor LogScale(Tensor planes, Func<Tensor> bestFit) => LogScale(planes);
}
