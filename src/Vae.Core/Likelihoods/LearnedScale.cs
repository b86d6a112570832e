using Vae.Core.Distributions;

namespace Vae.Core.Likelihoods;

/// <summary>One scale for all pixels and images, learned with the model. Parameter: log_scale [1], before its bound.</summary>
public sealed class LearnedScale : PixelScale
{
    private readonly double _minimumLogScale;

    [ComponentName(Name = "log_scale")]
    private readonly Parameter _logScale;

    /// <summary>Starts at about σ = 1, wide enough for any first guess.</summary>
    /// <param name="minimumLogScale">The least log σ.</param>
    public LearnedScale(double minimumLogScale)
    {
        _minimumLogScale = minimumLogScale;
        _logScale = nn.Parameter(zeros(1));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor LogScale(Tensor planes) => SmoothClamp.Apply(_logScale, _minimumLogScale, MaximumLogScale);
}
