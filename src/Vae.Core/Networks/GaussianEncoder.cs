namespace Vae.Core.Networks;

/// <summary>The encoder: features of an image, then one linear head for the posterior's mean and one for its log-variance.</summary>
internal sealed class GaussianEncoder : nn.Module<Tensor, DiagonalGaussian>
{
    private readonly LogVarianceBound _bound;

    [ComponentName(Name = "body")]
    private readonly FeatureNetwork _body;

    [ComponentName(Name = "mean")]
    private readonly Linear _mean;

    [ComponentName(Name = "log_variance")]
    private readonly Linear _logVariance;

    /// <summary>
    /// Puts heads of [B, latent] on a body from images [B, P] to [B, features]; without a bound, one that only keeps them finite.
    /// </summary>
    public GaussianEncoder(FeatureNetwork body, int features, int latent, LogVarianceBound? bound = null, Device? device = null)
        : base("encoder")
    {
        _body = body;
        _bound = bound ?? LogVarianceBound.Wide;
        _mean = nn.Linear(features, latent, device: device);
        _logVariance = nn.Linear(features, latent, device: device);
        RegisterComponents();
    }

    /// <summary>The layers before the heads where all are dense; else null.</summary>
    public IReadOnlyList<DenseBlock>? DenseBlocks => _body.DenseBlocks;

    public Linear Mean => _mean;

    /// <summary>The head of log σ², before its bound.</summary>
    public Linear LogVariance => _logVariance;

    public LogVarianceBound Bound => _bound;

    /// <summary>q(z|x).</summary>
    /// <param name="input">Images, [B, P].</param>
    /// <returns>Gaussians over [B, D].</returns>
    public override DiagonalGaussian forward(Tensor input)
    {
        Tensor features = _body.forward(input); // [B, F]
        return new DiagonalGaussian(_mean.forward(features), _bound.Apply(_logVariance.forward(features)));
    }
}
