namespace Vae.Core.Models;

/// <summary>A variational autoencoder with a Gaussian posterior.</summary>
internal sealed record GaussianVaeConfiguration : ModelConfiguration
{
    /// <summary>Dimensions of the latent space.</summary>
    public int Latent { get; init; } = 20;

    /// <summary>The distribution of codes.</summary>
    public PriorConfiguration Prior { get; init; } = new StandardNormalPriorConfiguration();

    /// <summary>The distribution of codes given an image: a Gaussian with diagonal covariance, its log-variance within limits.</summary>
    public LogVarianceBound Posterior { get; init; } = LogVarianceBound.Wide;

    public override bool HasGaussianPosterior => true;

    public override bool KlIsSumOverDimensions => Prior.HasClosedFormKl;

    internal static GaussianVaeConfiguration Map(ConfigurationVisitor visitor, GaussianVaeConfiguration value) => value with
    {
        Latent = visitor.Integer("latent", value.Latent, 1, 100_000, "dimensions of the latent space"),
        Likelihood = MapLikelihood(visitor, value.Likelihood),
        Prior = visitor.Variant("prior", value.Prior, PriorConfiguration.Kinds, "the distribution of codes"),
        Posterior = visitor.Section("posterior", value.Posterior, LogVarianceBound.Map, "the distribution of codes given an image"),
        Encoder = MapEncoder(visitor, value.Encoder),
        Decoder = MapDecoder(visitor, value.Decoder),
        Initializer = MapInitializer(visitor, value.Initializer),
        OutputBias = MapOutputBias(visitor, value.OutputBias),
    };

    private protected override LatentModel Assemble(ModelContext context)
    {
        Likelihood likelihood = Likelihood.Build(context.Image);
        GaussianEncoder encoder = Encoder.BuildEncoder(context.Image, Latent, Posterior, context.Device);
        return new VariationalAutoencoder(
            encoder,
            Decoder.BuildDecoder(Latent, context.Image, likelihood.OutputsPerPixel, context.Device),
            Prior.Build(new(Latent, encoder.forward, context.Image.PixelCount, context.Seed, context.Training, context.Device)),
            likelihood);
    }
}

/// <summary>The variational autoencoder of Kingma and Welling 2014: encoder q(z|x), prior p(z), decoder and likelihood p(x|z).</summary>
internal sealed class VariationalAutoencoder : LatentModel
{
    [ComponentName(Name = "encoder")]
    private readonly GaussianEncoder _encoder;

    [ComponentName(Name = "decoder")]
    private readonly LikelihoodDecoder _decoder;

    [ComponentName(Name = "prior")]
    private readonly Prior _prior;

    [ComponentName(Name = "likelihood")]
    private readonly Likelihood _likelihood;

    /// <summary>Joins the four parts and registers their parameters as encoder.…, decoder.…, prior.…, likelihood.….</summary>
    public VariationalAutoencoder(GaussianEncoder encoder, LikelihoodDecoder decoder, Prior prior, Likelihood likelihood)
        : base("vae")
    {
        _encoder = encoder;
        _decoder = decoder;
        _prior = prior;
        _likelihood = likelihood;
        RegisterComponents();
    }

    /// <summary>The network of q(z|x).</summary>
    internal GaussianEncoder Encoder => _encoder;

    public override LikelihoodDecoder Decoder => _decoder;

    /// <summary>p(z).</summary>
    public Prior Prior => _prior;

    public override Likelihood Likelihood => _likelihood;

    public override int Latent => Prior.Dimension;

    public override bool HasClosedFormKl => Prior.HasClosedFormKl;

    public override bool HasGaussianPosterior => true;

    public override IReadOnlyList<Code> Codes => [new("mean", Latent), new("log_variance", Latent)];

    internal override DenseForm? DenseForm =>
        Encoder.DenseBlocks is { } encoder && Decoder.DenseBlocks is { } decoder && Prior.DenseForm is { } prior
            ? new DenseForm(encoder, Encoder.Mean, Encoder.LogVariance, Encoder.Bound, decoder, prior.PseudoInputs)
            : null;

    /// <summary>q(z|x).</summary>
    /// <param name="input">Images, [B, P].</param>
    /// <returns>Gaussians over [B, D].</returns>
    public DiagonalGaussian Encode(Tensor input) => _encoder.forward(input);

    public override Inference Infer(Batch batch, Given? given = null)
    {
        Condition? condition = Condition(batch);
        DiagonalGaussian posterior = given?.Posterior ?? Encode(batch.Input);
        return new GaussianInference(
            this, posterior, given?.Prior ?? Prior.At(condition), batch, condition, given?.Score ?? LikelihoodScore.Plain);
    }

    public override LatentDensity? SharedPrior() => Prior.At(null);

    public override Tensor Decode(Tensor latents, Condition? condition = null)
    {
        long[] shape = latents.shape;
        Tensor output = _decoder.forward(latents.reshape(-1, Latent)); // [N, outputs]
        return output.reshape([.. shape[..^1], output.shape[1]]);      // [..., outputs]
    }

    public override Tensor SampleLatents(ulong seed, int[] numbers, double temperature = 1, LatentDensity? density = null)
    {
        Device device = parameters().First().device;
        RandomStream stream = new(seed, RandomPurpose.PriorSample);
        Tensor noise = Noise.NormalPerImage(stream, 0, numbers, 1, Latent, device).squeeze(0); // [N, D]
        Tensor uniform = Noise.UniformPerImage(stream with { Purpose = RandomPurpose.PriorComponent }, 0, numbers, device); // [N]
        return (density ?? Prior.At(null)).Sample(noise, uniform, temperature);
    }
}

/// <summary>A batch under Gaussian posteriors with diagonal covariance, and the walk from there to the terms.</summary>
/// <param name="model">Whose decoder and likelihood.</param>
/// <param name="posterior">q(z|x), over [B, D].</param>
/// <param name="prior">p(z).</param>
/// <param name="batch">The images.</param>
/// <param name="condition">What the model is to know of them.</param>
/// <param name="score">How log p(x|z) is computed.</param>
internal sealed class GaussianInference(
    LatentModel model, DiagonalGaussian posterior, LatentDensity prior, Batch batch, Condition? condition, LikelihoodScore score)
    : Inference
{
    private readonly DiagonalGaussian _posterior = new(score.Typed(posterior.Mean), score.Typed(posterior.LogVariance));

    public override DiagonalGaussian Posterior => _posterior;

    public override Tensor MeanLatents => _posterior.Mean;

    public override IReadOnlyList<Tensor> Codes() => [_posterior.Mean, _posterior.LogVariance];

    public override Terms Terms(Draws draws, TermsRequest? request = null)
    {
        Tensor noise = draws.Normal(site: 0, model.Latent).to_type(_posterior.Mean.dtype);                        // ε, [K, B, D]
        bool isMean = request is { PosteriorMeans: true };
        Tensor latents = isMean ? _posterior.Mean.expand_as(noise) : _posterior.Reparameterize(noise); // z, [K, B, D]
        if (request?.LatentGradientScale is { } scale)
        {
            Tensor value = latents.detach();
            latents = value + (scale.unsqueeze(-1) * (latents - value)); // the same value, its gradient scaled
        }

        Tensor output = model.Decode(score.Type is null ? latents : latents.to_type(ScalarType.Float32), condition); // [K, B, P·O]
        return new Terms
        {
            LogLikelihood = score.LogProbability(model.Likelihood, output, batch.Target), // [K, B]
            Latents =
            [
                new GaussianLatentTerms(request is { StopPosteriorGradient: true } ? _posterior.Detach() : _posterior, prior)
                {
                    Z = latents,
                    Noise = isMean || is_grad_enabled() ? null : noise,
                },
            ],
        };
    }

    public override Inference Narrow(int start, int count) =>
        new GaussianInference(
            model, _posterior.Narrow(start, count), prior, batch.Narrow(start, count), condition?.Narrow(start, count), score);
}
