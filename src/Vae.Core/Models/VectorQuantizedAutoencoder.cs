namespace Vae.Core.Models;

/// <summary>How the codes of a codebook follow the encoder.</summary>
public enum CodebookUpdate
{
    /// <summary>As running averages of what was quantized to them (van den Oord et al. 2017, appendix A.1).</summary>
    Average,

    /// <summary>By the gradient of their squared distance (equation 3, second term).</summary>
    Gradient,
}

/// <summary>Where codes are drawn from for samples.</summary>
public enum CodePrior
{
    /// <summary>All codes alike.</summary>
    Uniform,

    /// <summary>Each position of the map by itself, as often as the training images have its codes.</summary>
    PerPosition,
}

/// <summary>An autoencoder whose latents are a map of codes from a learned codebook (van den Oord, Vinyals and Kavukcuoglu 2017).</summary>
internal sealed record VqVaeConfiguration : ModelConfiguration
{
    public VqVaeConfiguration()
    {
        Encoder = new ConvConfiguration();
        Decoder = new ConvConfiguration { Channels = [64, 32] };
    }

    public int Codes { get; init; } = 128;

    public int CodeDimension { get; init; } = 32;

    public double Commitment { get; init; } = 0.25;

    public CodebookUpdate Codebook { get; init; } = CodebookUpdate.Average;

    public double Decay { get; init; } = 0.99;

    public double ReviveBelow { get; init; } = 0.05;

    public CodePrior Prior { get; init; } = CodePrior.PerPosition;

    public static VqVaeConfiguration Map(ConfigurationVisitor visitor, VqVaeConfiguration value) => value with
    {
        Codes = visitor.Integer("codes", value.Codes, 2, 100_000, "codes in the codebook"),
        CodeDimension = visitor.Integer("code_dimension", value.CodeDimension, 1, 10_000, "numbers of a code"),
        Commitment = visitor.Real(
            "commitment", value.Commitment, Interval.NotNegative, "weight of the squared distance of the encoder's output from its code"),
        Codebook = visitor.Choice("codebook", value.Codebook, "how codes follow the encoder: as running averages or by gradients"),
        Decay = visitor.Real("decay", value.Decay, Interval.Decay, "decay of the running averages and counts"),
        ReviveBelow = visitor.Real(
            "revive_below",
            value.ReviveBelow,
            Interval.Decay,
            "share of the mean use below which a code begins anew at an output of the encoder"),
        Prior = visitor.Choice("prior", value.Prior, "where samples draw their codes from; the bound is under the uniform one"),
        Likelihood = MapLikelihood(visitor, value.Likelihood),
        Encoder = visitor.Variant("encoder", value.Encoder, OfMaps(NetworkConfiguration.EncoderKinds), "the network from image to map"),
        Decoder = visitor.Variant(
            "decoder", value.Decoder, OfMaps(NetworkConfiguration.DecoderKinds), "the network from map to the likelihood's parameters"),
        Initializer = MapInitializer(visitor, value.Initializer),
        OutputBias = MapOutputBias(visitor, value.OutputBias),
    };

    internal override IEnumerable<ConfigurationError> Check(string path)
    {
        ImageShape image = new(1, 1 << 12, 1 << 12); // on which only networks that reduce alike agree
        ImageShape? encoded = Encoder.SmallestMap(image);
        ImageShape? decoded = Decoder.SmallestMap(image);
        const string Needed = "a map of codes comes from networks without dense layers";
        foreach (ConfigurationError error in base.Check(path))
        {
            yield return error;
        }

        if (encoded is null)
        {
            yield return new($"{path}.encoder", Needed);
        }

        if (decoded is null)
        {
            yield return new($"{path}.decoder", Needed);
        }

        if (encoded is { } small && decoded is { } large && (small.Height, small.Width) != (large.Height, large.Width))
        {
            yield return new($"{path}.decoder", "enlarges its map otherwise than the encoder reduces the image");
        }
    }

    private static Kind<NetworkConfiguration>[] OfMaps(Kind<NetworkConfiguration>[] kinds) =>
        [.. kinds.Where(kind => kind.Default() is MapNetworkConfiguration)];

    private protected override LatentModel Assemble(ModelContext context) => new VectorQuantizedAutoencoder(this, context);
}

/// <summary>
/// A vector-quantized autoencoder: the encoder gives a vector for each of M positions of a map, the nearest of S codes takes its place, and
/// gradients pass as if it had not (straight through). q(z|x) is a point, so log q = 0; under the uniform prior log p(z) = −M·log S.
/// Buffers: codebook [S, C] (a parameter where gradients move it), cluster_sizes [S], cluster_sums [S, C], position_counts [M, S].
/// </summary>
internal sealed class VectorQuantizedAutoencoder : LatentModel
{
    private const double Smoothing = 1e-5; // of the sizes of clusters, against a division by zero

    private readonly VqVaeConfiguration _configuration;
    private readonly ImageShape _map;
    private readonly RandomStream _revival;

    [ComponentName(Name = "encoder")]
    private readonly FeatureNetwork _encoder;

    [ComponentName(Name = "to_code")]
    private readonly Conv2d _toCode;

    [ComponentName(Name = "codebook")]
    private readonly Tensor _codebook;

    [ComponentName(Name = "cluster_sizes")]
    private readonly Tensor _clusterSizes;

    [ComponentName(Name = "cluster_sums")]
    private readonly Tensor _clusterSums;

    [ComponentName(Name = "position_counts")]
    private readonly Tensor _positionCounts;

    public VectorQuantizedAutoencoder(VqVaeConfiguration configuration, ModelContext context)
        : base("vq_vae")
    {
        int dimension = configuration.CodeDimension;
        (ImageShape image, Device device) = (context.Image, context.Device);
        _configuration = configuration;
        _map = configuration.Encoder.SmallestMap(image)!.Value;
        _revival = new RandomStream((ulong)context.Seed, RandomPurpose.PosteriorNoise, Site: 1);
        _encoder = configuration.Encoder.BuildMapEncoder(image, device)!;
        Likelihood = configuration.Likelihood.Build(image);
        Decoder = configuration.Decoder.BuildMapDecoder(dimension, image, Likelihood.OutputsPerPixel, device)!;
        using (NewDisposeScope())
        {
            _toCode = nn.Conv2d(_map.Channels, dimension, 1, device: device);
        }

        long[] shape = [configuration.Codes, dimension];
        Tensor first = device.type == DeviceType.META
            ? empty(shape, device: device)
            : Noise.Normal(new RandomStream((ulong)context.Seed, RandomPurpose.PriorInitialization), 0, 0, CPU, shape);
        _clusterSums = first.clone().DetachFromDisposeScope();
        _codebook = configuration.Codebook == CodebookUpdate.Gradient ? nn.Parameter(first) : first.DetachFromDisposeScope();
        _clusterSizes = ones([configuration.Codes], device: device).DetachFromDisposeScope();
        _positionCounts = ones([Positions, configuration.Codes], device: device).DetachFromDisposeScope();
        RegisterComponents();
    }

    [field: ComponentName(Name = "decoder")]
    public override LikelihoodDecoder Decoder { get; }

    [field: ComponentName(Name = "likelihood")]
    public override Likelihood Likelihood { get; }

    public override int Latent => Positions * _configuration.CodeDimension;

    public override LossScope Scope => LossScope.PerBatch;

    public override string NoPathsBecause =>
        "this model's latents are codes of a codebook, with nothing between them and no axes; use sample, reconstruct or encode";

    public override IReadOnlyList<Code> Codes => [new("index", Positions, IsInteger: true)];

    /// <summary>
    /// The perplexity of the codes' use, e^entropy, between 1 and S; and the commitment in nats per image, with its weight.
    /// </summary>
    public override IReadOnlyList<Figure> Figures =>
        [new("perplexity", _configuration.Codes, (counts, _) => Perplexity(counts)), new("commitment")];

    /// <summary>M.</summary>
    public int Positions => _map.Height * _map.Width;

    public override Inference Infer(Batch batch, Given? given = null)
    {
        Tensor map = _toCode.forward(_encoder.forward(batch.Input));  // [B, C, H', W']
        Tensor encoded = map.flatten(2).transpose(1, 2).contiguous(); // [B, M, C]
        return new CodeInference(this, encoded, Nearest(encoded), batch, given?.Score ?? LikelihoodScore.Plain);
    }

    /// <summary>The codes of indices.</summary>
    /// <param name="indices">[B, M] int64.</param>
    /// <returns>[B, M, C].</returns>
    public Tensor Quantized(Tensor indices) => _codebook.index_select(0, indices.flatten()).view(indices.shape[0], Positions, -1);

    /// <summary>Codes as the decoder gets them: channel by channel.</summary>
    /// <param name="codes">[B, M, C].</param>
    /// <returns>[B, C·M].</returns>
    public static Tensor Flat(Tensor codes) => codes.transpose(1, 2).flatten(1);

    private protected override long[] DecoderInput => [_configuration.CodeDimension, _map.Height, _map.Width];

    public override Tensor SampleLatents(ulong seed, int[] numbers, double temperature = 1, LatentDensity? density = null)
    {
        Tensor weights = _configuration.Prior == CodePrior.Uniform ? ones_like(_positionCounts) : _positionCounts;
        const double Coldest = 1e-3;
        Tensor shares = (weights.log() / Math.Max(temperature, Coldest)).softmax(-1); // [M, S]
        Tensor limits = shares.cumsum(-1).narrow(-1, 0, _configuration.Codes - 1);    // [M, S − 1]
        RandomStream stream = new(seed, RandomPurpose.PriorComponent);
        Tensor uniform = Noise.UniformPerImage(stream, 0, numbers, Positions, limits.device);
        Tensor indices = uniform.unsqueeze(-1).ge(limits).sum(-1);                    // [N, M]
        return Flat(Quantized(indices));
    }

    /// <summary>Counts, running averages, and a new beginning for codes that hardly anything is quantized to.</summary>
    public override void AfterStep(IReadOnlyList<Tensor> statistics, long step)
    {
        if (statistics is not [Tensor encoded, Tensor indices])
        {
            return;
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double kept = _configuration.Decay;
        Tensor vectors = encoded.flatten(0, 1);                                                      // [B·M, C]
        Tensor chosen = nn.functional.one_hot(indices, _configuration.Codes).to_type(vectors.dtype); // [B, M, S]
        Tensor assigned = chosen.flatten(0, 1);                                                      // [B·M, S]
        _clusterSizes.mul_(kept).add_(assigned.sum(0L) * (1 - kept));
        _clusterSums.mul_(kept).add_(assigned.t().matmul(vectors) * (1 - kept));
        _positionCounts.mul_(kept).add_(chosen.sum(0L) * (1 - kept));
        Revive(vectors, step);
        if (_configuration.Codebook == CodebookUpdate.Average)
        {
            Tensor total = _clusterSizes.sum();
            Tensor sizes = (_clusterSizes + Smoothing) / (total + (_configuration.Codes * Smoothing)) * total;
            _codebook.copy_(_clusterSums / sizes.unsqueeze(-1));
        }
    }

    // In the first step all codes begin at outputs of the encoder, later those that are used too little.
    private void Revive(Tensor vectors, long step)
    {
        Tensor mean = _clusterSizes.mean();
        Tensor isDead = step == 0 ? ones_like(_clusterSizes).to_type(ScalarType.Bool) : _clusterSizes.lt(mean * _configuration.ReviveBelow);
        Tensor uniform = Noise.Uniform(_revival, step, 0, CPU, _configuration.Codes);
        Tensor rows = (uniform * vectors.shape[0]).to_type(ScalarType.Int64).to(vectors.device);
        Tensor fresh = vectors.index_select(0, rows); // [S, C]
        Tensor isDeadRow = isDead.unsqueeze(-1);
        _codebook.copy_(where(isDeadRow, fresh, _codebook));
        _clusterSums.copy_(where(isDeadRow, fresh * mean, _clusterSums));
        _clusterSizes.copy_(where(isDead, mean, _clusterSizes));
    }

    // The index of the nearest code, [B, M] int64: |e|² − 2·z·e is the squared distance without what all codes share.
    private Tensor Nearest(Tensor encoded)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor distances = _codebook.square().sum(-1) - (2 * encoded.matmul(_codebook.t())); // [B, M, S]
        return distances.argmin(-1).MoveToOuterDisposeScope();
    }

    private static double Perplexity(IReadOnlyList<double> counts)
    {
        double total = counts.Sum();
        return Math.Exp(-counts.Where(count => count > 0).Sum(count => count / total * Math.Log(count / total)));
    }

    /// <summary>A batch and its codes.</summary>
    private sealed class CodeInference(
        VectorQuantizedAutoencoder model, Tensor encoded, Tensor indices, Batch batch, LikelihoodScore score) : Inference
    {
        public override Tensor MeanLatents => Flat(model.Quantized(indices));

        public override IReadOnlyList<Tensor> Codes() => [indices];

        public override Terms Terms(Draws draws, TermsRequest? request = null)
        {
            Tensor codes = model.Quantized(indices); // e, [B, M, C]
            Tensor commitment = (encoded - codes.detach()).square().sum([1L, 2L]) * model._configuration.Commitment; // [B]
            Tensor latents = Flat(encoded + (codes - encoded).detach()).unsqueeze(0); // straight through, [1, B, C·M]
            Tensor output = model.Decode(latents);                                    // [1, B, P·O]
            return new Terms
            {
                LogLikelihood = score.LogProbability(model.Likelihood, output, batch.Target).expand(draws.Samples, batch.Count),
                Latents =
                [
                    new CodeTerms(-model.Positions * Math.Log(model._configuration.Codes)) { Z = latents.expand(draws.Samples, -1, -1) },
                ],
                Penalty = model._configuration.Codebook == CodebookUpdate.Gradient
                    ? commitment + (encoded.detach() - codes).square().sum([1L, 2L])
                    : commitment,
                FigureSums = [indices.flatten().bincount(null, model._configuration.Codes), commitment.detach().sum().view(1)],
                Statistics = is_grad_enabled() ? [encoded.detach(), indices.clone()] : [],
            };
        }

        public override Inference Narrow(int start, int count) => new CodeInference(
            model, encoded.narrow(0, start, count), indices.narrow(0, start, count), batch.Narrow(start, count), score);
    }

    /// <summary>Codes under the uniform prior.</summary>
    private sealed record CodeTerms(double LogUniform) : LatentTerms
    {
        public override Tensor LogPosterior() => zeros([Z.shape[0], Z.shape[1]], Z.dtype, Z.device);

        public override Tensor LogPrior() => full([Z.shape[0], Z.shape[1]], LogUniform, Z.dtype, Z.device);
    }
}
