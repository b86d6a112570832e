namespace Vae.Core.Tests.Support;

/// <summary>A model of a hundred weights in float64, small enough for central differences: 5 binary pixels, 2 latents.</summary>
internal sealed class SmallModel : IDisposable
{
    public const int Pixels = 5;
    public const int Latent = 2;

    public SmallModel(string prior = "standard_normal", ulong seed = 1)
    {
        ImageShape shape = new(1, 1, Pixels);
        MlpConfiguration network = new() { Hidden = [4], Activation = Activation.Tanh };
        GaussianEncoder encoder = network.BuildEncoder(shape, Latent);
        Model = new VariationalAutoencoder(
            encoder,
            network.BuildDecoder(Latent, shape, 1),
            BuildPrior(prior, encoder),
            new BernoulliLikelihood(Pixels)).to(ScalarType.Float64);
        ParameterInitializer.Initialize(Model, new RandomStream(seed, RandomPurpose.ParameterInitialization));
    }

    public VariationalAutoencoder Model { get; }

    public void Dispose() => Model.Dispose();

    /// <summary>Draws of N(0, I) in float64.</summary>
    public static Tensor Normal(ulong seed, params long[] shape)
    {
        using Generator generator = new(seed);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    /// <summary>Binary images, [B, 5].</summary>
    public static Tensor Images(long count) => Normal(99, count, Pixels).gt(0).to_type(ScalarType.Float64);

    private static Prior BuildPrior(string kind, GaussianEncoder encoder)
    {
        using IDisposable noGradient = no_grad();
        return kind switch
        {
            "standard_normal" => new StandardNormalPrior(Latent),
            "mixture" => new MixturePrior(Normal(5, 3, Latent).to_type(ScalarType.Float32)),
            "vamp" => new VampPrior(Latent, (Normal(6, 4, Pixels).sigmoid() * 0.8).add(0.1).to_type(ScalarType.Float32), encoder.forward),
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
    }
}
