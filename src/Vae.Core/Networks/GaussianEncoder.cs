namespace Vae.Core.Networks;

/// <summary>The encoder: features of an image, then one linear head for the posterior's mean and one for its log-variance.</summary>
internal sealed class GaussianEncoder : nn.Module<Tensor, DiagonalGaussian>
{
    [ComponentName(Name = "body")]
    private readonly FeatureNetwork _body;

    /// <summary>Puts heads of [B, latent] on a body from [B, P] to [B, features]; no bound: one that only keeps them finite.</summary>
    public GaussianEncoder(FeatureNetwork body, int features, int latent, LogVarianceBound? bound = null, Device? device = null)
        : base("encoder")
    {
        _body = body;
        Bound = bound ?? LogVarianceBound.Wide;
        Mean = nn.Linear(features, latent, device: device);
        LogVariance = nn.Linear(features, latent, device: device);
        RegisterComponents();
    }

    /// <summary>The layers before the heads where all are dense; else null.</summary>
    public IReadOnlyList<DenseBlock>? DenseBlocks => _body.DenseBlocks;

    [field: ComponentName(Name = "mean")]
    public Linear Mean { get; }

    /// <summary>The head of log σ², before its bound.</summary>
    [field: ComponentName(Name = "log_variance")]
    public Linear LogVariance { get; }

    public LogVarianceBound Bound { get; }

    /// <summary>q(z|x).</summary>
    /// <param name="input">Images, [B, P].</param>
    /// <returns>Gaussians over [B, D].</returns>
    public override DiagonalGaussian forward(Tensor input)
    {
        Tensor features = _body.forward(input); // [B, F]
        return new DiagonalGaussian(Mean.forward(features), Bound.Apply(LogVariance.forward(features)));
    }
}
