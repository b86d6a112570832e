namespace Vae.Core.Tests.Support;

/// <summary>
/// A linear decoder under Gaussian noise: probabilistic PCA (Tipping and Bishop 1999), whose evidence and posterior are known. The columns
/// of W are orthogonal, so the posterior is diagonal and the encoder can be it exactly.
/// </summary>
internal sealed class LinearGaussianModel : IDisposable
{
    public const int Pixels = 4;
    public const int Latent = 2;
    private const double Deviation = 0.6;
    private static readonly double[] Weight = [1.2, 0.5, 1.2, -0.5, -0.4, 1.5, 0.4, 1.5]; // [4, 2], columns orthogonal
    private static readonly double[] Bias = [0.3, -0.7, 1.1, 0.2];

    public LinearGaussianModel()
    {
        Model = new VariationalAutoencoder(
            new LinearConfiguration().BuildEncoder(new ImageShape(1, 1, Pixels), Latent),
            new LinearConfiguration().BuildDecoder(Latent, new ImageShape(1, 1, Pixels), 1),
            new StandardNormalPrior(Latent),
            new GaussianLikelihood(Pixels, TargetKind.UnitInterval, new FixedScale(Deviation))).to(ScalarType.Float64);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor w = W();
        Tensor toMean = Scales().reciprocal().unsqueeze(-1) * w.t(); // [D, P]: M⁻¹ Wᵀ
        Dictionary<string, Tensor> state = Model.state_dict();
        state["decoder.output.weight"].copy_(w);
        state["decoder.output.bias"].copy_(tensor(Bias));
        state["encoder.mean.weight"].copy_(toMean);
        state["encoder.mean.bias"].copy_(-toMean.mv(tensor(Bias)));
        state["encoder.log_variance.weight"].zero_();
        state["encoder.log_variance.bias"].copy_((Deviation * Deviation / Scales()).log());
    }

    public VariationalAutoencoder Model { get; }

    public void Dispose() => Model.Dispose();

    /// <summary>Images [B, 4].</summary>
    public static Tensor Images(long count) => SmallModel.Normal(17, count, Pixels) * 1.5;

    /// <summary>log N(x; μ, WWᵀ + σ²I), [B], by determinant and inverse.</summary>
    public static Tensor Evidence(Tensor images)
    {
        Tensor covariance = W().matmul(W().t()) + (Deviation * Deviation * eye(Pixels, dtype: ScalarType.Float64));
        Tensor centred = images - tensor(Bias);
        Tensor squares = (centred.matmul(linalg.inv(covariance)) * centred).sum(-1);
        return -0.5 * (squares + linalg.det(covariance).log() + (Pixels * Math.Log(2 * Math.PI)));
    }

    /// <summary>The encoder's posterior with its means and log-variances moved.</summary>
    public DiagonalGaussian Perturbed(Tensor images, double mean, double logVariance)
    {
        DiagonalGaussian exact = Model.Encode(images);
        return new DiagonalGaussian(exact.Mean + mean, exact.LogVariance + logVariance);
    }

    // The diagonal of M = WᵀW + σ²I, [D].
    private static Tensor Scales() => W().square().sum(0L) + (Deviation * Deviation);

    private static Tensor W() => tensor(Weight, [Pixels, Latent]);
}
