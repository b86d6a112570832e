using Vae.Core.Distributions;
using Vae.Core.Networks;

namespace Vae.Benchmarks;

/// <summary>All cases, in the order of the table.</summary>
internal static class Cases
{
    private static readonly int[] MlpBatches = [20, 64, 128, 256, 512];
    private static readonly int[] IwaeBatches = [20, 100];
    private static readonly int[] Latents = [2, 20, 200, 2000, 10_000];

    public static IReadOnlyList<BenchmarkCase> All { get; } =
    [
        .. MlpBatches.Select(batch => new StepCase($"mlp-{batch}", $"MLP 784-400-20, batch {batch}", Configure(Mlp(20), batch))),
        new StepCase("gated-100", "gated dense 784-300-300-40, batch 100", Configure(Gated, 100)),
        .. IwaeBatches.Select(batch => new StepCase($"iwae5-{batch}", $"IWAE k = 5, 784-200-200-50, batch {batch}", Iwae(batch))),
        new StepCase("conv28-128", "conv 28×28, batch 128", Configure(Convolutional([32, 64], []), 128)),
        new StepCase("conv64-64", "conv 64×64, batch 64", Configure(Convolutional([32, 32, 64, 64], [256]), 64), Side: 64),
        .. Latents.Select(latent => new StepCase($"latent-{latent}", $"MLP 784-400-{latent:N0}, batch 128", Configure(Mlp(latent), 128))),
        new EvaluationCase("eval", "eval-elbo K = 5,000, 784-400-20", Mlp(20), 5000),
        new EpochCase("epoch", "an epoch of `vae train`, 784-400-20, batch 128", WholeBatches(Configure(Mlp(20), 128))),
        new NatsCase(
            "nats-90",
            "a training of the gated dense net, batch 100",
            OnMnist(Falling(Configure(Gated, 100), rate: 2e-3, epochs: 240)),
            Target: 90),
        new VersionCase("version", "`vae --version`"),
        new FirstStepCase("first-step", "`vae train` to its first step"),
        new MemoryCase("memory", "memory over many steps, 784-400-20, batch 128", Configure(Mlp(20), 128)),
    ];

    private static GaussianVaeConfiguration Mlp(int latent) => new() { Latent = latent };

    private static GaussianVaeConfiguration Gated => new()
    {
        Latent = 40,
        Posterior = new LogVarianceBound(-6, 2),
        Encoder = new GatedMlpConfiguration(),
        Decoder = new GatedMlpConfiguration(),
        Initializer = Initializer.He,
    };

    private static GaussianVaeConfiguration Burda => new()
    {
        Latent = 50,
        Encoder = new MlpConfiguration { Hidden = [200, 200], Activation = Activation.Tanh },
        Decoder = new MlpConfiguration { Hidden = [200, 200], Activation = Activation.Tanh },
        Initializer = Initializer.Xavier,
    };

    private static GaussianVaeConfiguration Convolutional(ValueList<int> channels, ValueList<int> hidden) => new()
    {
        Encoder = new ConvConfiguration { Channels = channels, Hidden = hidden },
        Decoder = new ConvConfiguration { Channels = [.. channels.Reverse()], Hidden = [.. hidden.Reverse()] },
    };

    private static VaeConfiguration Configure(GaussianVaeConfiguration model, int batch) => new()
    {
        Data = new DataConfiguration { Source = new DigitsSource() },
        Model = model,
        Train = new TrainConfiguration { BatchSize = batch },
    };

    /// <summary>Learning at a rate that falls to 0 by half a cosine.</summary>
    private static VaeConfiguration Falling(VaeConfiguration configuration, double rate, int epochs) => configuration with
    {
        Train = configuration.Train with { LearningRate = rate, Epochs = epochs, Schedule = new CosineSchedule { Epochs = epochs } },
    };

    /// <summary>With as many images as make no smaller last batch, which the peer leaves out.</summary>
    private static VaeConfiguration WholeBatches(VaeConfiguration configuration)
    {
        const int Most = 60_000;
        int train = Most - configuration.Data.Validation;
        return configuration with
        {
            Data = configuration.Data with { TrainImages = Most - (train % configuration.Train.BatchSize) },
        };
    }

    private static VaeConfiguration OnMnist(VaeConfiguration configuration) => configuration with
    {
        Data = new DataConfiguration { Source = new MnistSource(), Binarization = Binarization.Dynamic, Validation = 10_000 },
    };

    private static VaeConfiguration Iwae(int batch) => Configure(Burda, batch) with
    {
        Objective = new IwaeObjective(),
        Train = new TrainConfiguration { BatchSize = batch, Optimizer = new AdamConfiguration { Epsilon = 1e-4 } },
    };
}
