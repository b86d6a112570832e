using Vae.Core.Distributions;

namespace Vae.Core.Networks;

/// <summary>The encoder: features of an image, then one linear head for the posterior's mean and one for its log-variance.</summary>
public sealed class GaussianEncoder : nn.Module<Tensor, DiagonalGaussian>
{
    private readonly LogVarianceBound _bound;

    [ComponentName(Name = "body")]
    private readonly FeatureNetwork _body;

    [ComponentName(Name = "mean")]
    private readonly Linear _mean;

    [ComponentName(Name = "log_variance")]
    private readonly Linear _logVariance;

    /// <summary>Creates the heads on top of the body.</summary>
    /// <param name="body">From images [B, P] to features [B, F].</param>
    /// <param name="features">F.</param>
    /// <param name="latent">D, the number of latent dimensions.</param>
    /// <param name="bound">The limits of the log-variance; null for limits that only keep it finite.</param>
    /// <param name="device">Where the heads are made; null for the CPU.</param>
    internal GaussianEncoder(FeatureNetwork body, int features, int latent, LogVarianceBound? bound = null, Device? device = null)
        : base("encoder")
    {
        _body = body;
        _bound = bound ?? LogVarianceBound.Wide;
        _mean = nn.Linear(features, latent, device: device);
        _logVariance = nn.Linear(features, latent, device: device);
        RegisterComponents();
    }

    /// <summary>The layers before the heads where all are dense; else null.</summary>
    internal IReadOnlyList<DenseBlock>? DenseBlocks => _body.DenseBlocks;

    /// <summary>The head of μ.</summary>
    internal Linear Mean => _mean;

    /// <summary>The head of log σ², before its bound.</summary>
    internal Linear LogVariance => _logVariance;

    /// <summary>The limits of the log-variance.</summary>
    internal LogVarianceBound Bound => _bound;

    /// <summary>q(z|x).</summary>
    /// <param name="input">Images, [B, P].</param>
    /// <returns>Gaussians over [B, D].</returns>
    public override DiagonalGaussian forward(Tensor input)
    {
        Tensor features = _body.forward(input); // [B, F]
        return new DiagonalGaussian(_mean.forward(features), _bound.Apply(_logVariance.forward(features)));
    }
}
