namespace Vae.Core.Tests.Composition;

/// <summary>Each prior and each objective in a run as a user starts it: it learns, and a stopped run ends like one that was not.</summary>
public sealed class PriorAndObjectiveRunTests : IDisposable
{
    private static readonly Dictionary<string, Func<VaeConfiguration, VaeConfiguration>> Runs = new()
    {
        ["mixture"] = c => c with { Model = c.Vae() with { Prior = new MixturePriorConfiguration { Components = 5 } } },
        ["vamp"] = c => c with { Model = c.Vae() with { Prior = new VampPriorConfiguration { PseudoInputs = 20 } } },
        ["vamp from the mean"] = c => c with
        {
            Model = c.Vae() with
            {
                Prior = new VampPriorConfiguration { PseudoInputs = 7, Start = PseudoInputStart.Mean, StartNoise = 0.1 },
            },
        },
        ["bounded"] = c => c with { Model = c.Vae() with { Posterior = new(-6, 2) } },
        ["autoencoder"] = c => c with { Objective = new ElboObjective { Beta = 0 } },
        ["cyclical"] = c => c with { Objective = new ElboObjective { WarmupEpochs = 1, CycleEpochs = 1 } },
        ["free bits"] = c => c with { Objective = new FreeBitsObjective() },
        ["capacity"] = c => c with { Objective = new CapacityObjective { RiseEpochs = 1, Capacity = 5, Gamma = 2 } },
        ["iwae"] = c => c with { Objective = new IwaeObjective() },
        ["dreg with vamp"] = c => c with
        {
            Objective = new IwaeObjective { Samples = 3, Gradient = IwaeGradient.Dreg },
            Model = c.Vae() with { Prior = new VampPriorConfiguration { PseudoInputs = 10 } },
        },
        ["stl"] = c => c with { Objective = new IwaeObjective { Samples = 2, Gradient = IwaeGradient.Stl } },
        ["beta-tc"] = c => c with { Objective = new BetaTcObjective { Beta = 2 } },
        ["mmd"] = c => c with { Objective = new MmdObjective() },
        ["mmd with mixture"] = c => c with
        {
            Objective = new MmdObjective { KlWeight = 0.5, Kernel = MmdKernel.Rbf },
            Model = c.Vae() with { Prior = new MixturePriorConfiguration { Components = 3 } },
        },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Runs.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_learns_and_resumes_bit_for_bit(string name)
    {
        VaeConfiguration configuration = Runs[name](TinyRun.Configuration with
        {
            Data = TinyRun.Configuration.Data with { TrainImages = 420, Validation = 60 },
            Train = TinyRun.Configuration.Train with { Epochs = 2, BatchSize = 40, CheckpointEverySteps = 1, LearningRate = 3e-3 },
        });
        List<EpochMetrics> epochs = [];
        TinyRun.Train(_folder["whole"], configuration, happened => Add(happened, epochs));
        using CancellationTokenSource stop = new();
        TinyRun.Train(_folder["parts"], configuration, happened => StopAt(happened, 5, stop), stop.Token);

        TinyRun.Resume(_folder["parts"]);

        Assert.True(
            epochs[1].Train.Reconstruction > epochs[0].Train.Reconstruction + 20,
            $"{epochs[0].Train.Reconstruction} to {epochs[1].Train.Reconstruction}");
        Assert.All(epochs, epoch => Assert.True(double.IsFinite(epoch.Train.Loss) && double.IsFinite(epoch.Validation!.Loss)));
        Assert.Equal(
            CheckpointDigest.Of(_folder["whole/checkpoints/last.safetensors"]),
            CheckpointDigest.Of(_folder["parts/checkpoints/last.safetensors"]));
    }

    private static void Add(TrainingEvent happened, List<EpochMetrics> epochs)
    {
        if (happened is EpochCompleted completed)
        {
            epochs.Add(completed.Metrics);
        }
    }

    private static void StopAt(TrainingEvent happened, long step, CancellationTokenSource stop)
    {
        if (happened is CheckpointSaved saved && saved.Step >= step)
        {
            stop.Cancel();
        }
    }
}
