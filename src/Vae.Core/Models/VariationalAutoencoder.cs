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
        Encoder = visitor.Variant("encoder", value.Encoder, NetworkConfiguration.EncoderKinds, "the network from image to posterior"),
        Decoder = visitor.Variant(
            "decoder", value.Decoder, NetworkConfiguration.DecoderKinds, "the network from code to the likelihood's parameters"),
        Initializer = MapInitializer(visitor, value.Initializer),
        OutputBias = MapOutputBias(visitor, value.OutputBias),
    };

    private protected override LatentModel Assemble(ModelContext context)
    {
        (ImageShape image, Device device) = (context.Image, context.Device);
        Likelihood likelihood = Likelihood.Build(image);
        GaussianEncoder encoder = Encoder.BuildEncoder(image, Latent, Posterior, device);
        return new VariationalAutoencoder(
            encoder,
            Decoder.BuildDecoder(Latent, image, likelihood.OutputsPerPixel, device),
            Prior.Build(new PriorContext(Latent, encoder.forward, image.PixelCount, context.Seed, context.Training, device)),
            likelihood);
    }
}

/// <summary>The variational autoencoder of Kingma and Welling 2014: encoder q(z|x), prior p(z), decoder and likelihood p(x|z).</summary>
internal sealed class VariationalAutoencoder : LatentModel
{
    /// <summary>Joins the four parts and registers their parameters as encoder.…, decoder.…, prior.…, likelihood.….</summary>
    public VariationalAutoencoder(GaussianEncoder encoder, LikelihoodDecoder decoder, Prior prior, Likelihood likelihood)
        : base("vae")
    {
        Encoder = encoder;
        Decoder = decoder;
        Prior = prior;
        Likelihood = likelihood;
        RegisterComponents();
    }

    /// <summary>The network of q(z|x).</summary>
    [field: ComponentName(Name = "encoder")]
    internal GaussianEncoder Encoder { get; }

    [field: ComponentName(Name = "decoder")]
    public override LikelihoodDecoder Decoder { get; }

    /// <summary>p(z).</summary>
    [field: ComponentName(Name = "prior")]
    public Prior Prior { get; }

    [field: ComponentName(Name = "likelihood")]
    public override Likelihood Likelihood { get; }

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
    public DiagonalGaussian Encode(Tensor input) => Encoder.forward(input);

    public override Inference Infer(Batch batch, Given? given = null)
    {
        Condition? condition = Condition(batch);
        LatentDensity prior = given?.Prior ?? Prior.At(condition);
        LikelihoodScore score = given?.Score ?? LikelihoodScore.Plain;
        return new GaussianInference(this, given?.Posterior ?? Encode(batch.Input), prior, batch, condition, score);
    }

    public override LatentDensity? SharedPrior() => Prior.At(null);

    public override Tensor SampleLatents(ulong seed, int[] numbers, double temperature = 1, LatentDensity? density = null)
    {
        Device device = parameters().First().device;
        RandomStream stream = new(seed, RandomPurpose.PriorSample);
        Tensor noise = Noise.NormalPerImage(stream, 0, numbers, 1, Latent, device).squeeze(0); // [N, D]
        stream = stream with { Purpose = RandomPurpose.PriorComponent };
        Tensor uniform = Noise.UniformPerImage(stream, 0, numbers, 1, device).squeeze(1);      // [N]
        return (density ?? Prior.At(null)).Sample(noise, uniform, temperature);
    }
}

/// <summary>A batch under Gaussian posteriors with diagonal covariance over [B, D], and the walk from there to the terms.</summary>
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

    public override Inference Narrow(int start, int count) => new GaussianInference(
        model, _posterior.Narrow(start, count), prior, batch.Narrow(start, count), condition?.Narrow(start, count), score);
}

/// <summary>What the executor for dense layers needs to know of a Gaussian model that is made of them.</summary>
/// <param name="Encoder">The encoder's layers before its heads.</param>
/// <param name="Mean">The head of μ.</param>
/// <param name="LogVariance">The head of log σ², before its bound.</param>
/// <param name="Bound">That bound.</param>
/// <param name="Decoder">All layers of the decoder.</param>
/// <param name="PseudoInputs">u of the prior (1/C) Σ q(z|u), held to [0, 1], [C, P]; null for the prior N(0, I).</param>
internal sealed record DenseForm(
    IReadOnlyList<DenseBlock> Encoder,
    Linear Mean,
    Linear LogVariance,
    LogVarianceBound Bound,
    IReadOnlyList<DenseBlock> Decoder,
    Parameter? PseudoInputs);
