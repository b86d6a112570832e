namespace Vae.Cli.Tests.Reporting;

/// <summary>Events of an invented run.</summary>
internal static class Events
{
    public static RunStarted Started(string folder) =>
        new(folder, "cpu", "no GPU was found", "fused, 2 workers", 652_824, 50_000, 10_000, FirstEpoch: 1, Epochs: 20, StepsPerEpoch: 391);

    public static StepsCompleted Steps(int epoch, int step) => new(epoch, step, 391, new EpochFigures(110, -85.1, 25.16), 14_211.4);

    public static EpochCompleted Epoch(bool validated = true, int? activeUnits = 18) => new(new EpochMetrics
    {
        Epoch = 3,
        Step = 1_173,
        Train = new EpochFigures(104.21, -80.106, 24.1),
        Validation = validated ? new EpochFigures(103.98, -80, 23.98) : null,
        Beta = 0.5,
        ActiveUnits = activeUnits,
        ImagesPerSecond = 13_950.3,
        Seconds = 4.12,
    });

    public static CheckpointSaved Checkpoint { get; } = new("runs/a/checkpoints/last.safetensors", 3, 1_173, IsBest: true);

    public static TrainingNotice Warning { get; } = new("CUDA is too old; the CPU is used", IsWarning: true);

    public static TrainingOutcome Finished(string folder = "runs/a", bool interrupted = false) => new(
        folder,
        interrupted,
        EndedEarly: false,
        Epochs: interrupted ? 0 : 20,
        Steps: interrupted ? 77 : 7_820,
        BestEpoch: interrupted ? 0 : 19,
        BestElbo: interrupted ? null : -101.5,
        Seconds: 83.25);
}
