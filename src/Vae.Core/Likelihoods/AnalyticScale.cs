namespace Vae.Core.Likelihoods;

/// <summary>
/// One scale for all pixels, in each training step the one under which the batch is most probable: for a Gaussian σ² = mean squared error
/// (σ-VAE, Rybkin, Daniilidis and Levine 2021). No gradient flows through it, and none would: at its best σ the loss is level in σ. Without
/// gradients it stays what the last training step set it to, the buffer log_scale [1].
/// </summary>
public sealed class AnalyticScale : PixelScale
{
    private readonly double _minimumLogScale;

    [ComponentName(Name = "log_scale")]
    private readonly Tensor _logScale;

    /// <summary>Starts at σ = 1.</summary>
    /// <param name="minimumLogScale">The least log σ, for pixels that are met exactly.</param>
    public AnalyticScale(double minimumLogScale)
    {
        _minimumLogScale = minimumLogScale;
        _logScale = zeros(1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override LossScope Scope => LossScope.PerBatch;

    /// <inheritdoc/>
    public override Tensor LogScale(Tensor planes) => _logScale.clone();

    /// <inheritdoc/>
    public override Tensor LogScale(Tensor planes, Func<Tensor> bestFit)
    {
        if (!training || !is_grad_enabled())
        {
            return LogScale(planes);
        }

        using IDisposable noGradient = no_grad();
        Tensor best = bestFit().clamp_min(_minimumLogScale).view(1);
        _logScale.copy_(best);
        return best;
    }
}
