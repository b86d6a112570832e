namespace Vae.Core.Tests.Support;

/// <summary>A run on a few hundred drawn digits that takes a second or two.</summary>
internal static class TinyRun
{
    public static VaeConfiguration Configuration { get; } = new()
    {
        Data = new DataConfiguration { Source = new DigitsSource(), TrainImages = 640, TestImages = 64, Validation = 128 },
        Model = new GaussianVaeConfiguration
        {
            Latent = 4,
            Encoder = new MlpConfiguration { Hidden = [32] },
            Decoder = new MlpConfiguration { Hidden = [32] },
        },
        Train = new TrainConfiguration { Epochs = 3, BatchSize = 60, Seed = 5 },
        Output = new OutputConfiguration { Samples = 4 },
    };

    /// <summary>Trains a new run in the folder.</summary>
    public static TrainingOutcome Train(
        string folder,
        VaeConfiguration? configuration = null,
        Action<TrainingEvent>? observer = null,
        CancellationToken stop = default) =>
        Core.Verbs.Train.Start(
            new TrainRequest
            {
                Configuration = configuration ?? Configuration,
                Name = "tiny",
                RunFolder = folder,
                Device = "cpu",
                Threads = 1,
            },
            observer ?? (_ => { }),
            stop);

    /// <summary>Continues the run in the folder.</summary>
    public static TrainingOutcome Resume(
        string folder,
        Func<VaeConfiguration, VaeConfiguration>? change = null,
        Action<TrainingEvent>? observer = null,
        CancellationToken stop = default) =>
        Core.Verbs.Train.Resume(
            new ResumeRequest { RunFolder = folder, Change = change, Device = "cpu", Threads = 1 }, observer ?? (_ => { }), stop);
}
