namespace Vae.Core.Tests.Composition;

[Collection(AloneCollection.Name)]
public sealed class ThreadChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TrainingEvent> _events = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dense", 0, 0.7)]
    [InlineData("replicas", 0, 0.7)]
    [InlineData("readable", 0, 0.7)]
    [InlineData("dense", 0, 0.1)]   // the epoch is over first
    [InlineData("dense", 4, 0.1)]   // a checkpoint is due first
    public void A_run_that_starts_slowly_starts_over_with_fewer_threads_as_if_it_had_never_had_more(
        string step, int checkpointEverySteps, double stepTime)
    {
        VaeConfiguration configuration = Configuration(step, checkpointEverySteps);
        Train("slow", configuration, null, stepTime); // two have promised 5 ms, and one 10

        RunStarted started = Assert.Single(_events.OfType<RunStarted>());
        Assert.Contains("1: 10.0 ms a step, 2: 5.0 ms a step", started.Step, StringComparison.Ordinal);
        Assert.Equal(
            FormattableString.Invariant($"with 2 threads a step takes {stepTime * 1000:0.0} ms, longer than with 1 in the trial (10.0 ms)")
            + ": the run starts over with 1",
            Assert.Single(_events.OfType<TrainingNotice>()).Message);
        string[] written = [.. _events.TakeWhile(happened => happened is not TrainingNotice).OfType<CheckpointSaved>()
            .Select(saved => $"{saved.Epoch} {saved.Step}")];
        Assert.Equal(["0 0", "0 0"], written);

        TrainingOutcome one = Train("one", configuration, 1, stepTime);
        Assert.Equal(3, one.Epochs);
        foreach (string file in new[] { "config.json", "checkpoints/last.safetensors", "checkpoints/best.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(_folder[$"one/{file}"]), File.ReadAllBytes(_folder[$"slow/{file}"]));
        }

        Assert.Equal([1, 2, 3], MetricsFile.Read(_folder["slow/metrics.jsonl"]).Select(epoch => epoch.Epoch));
        Assert.Equal(Losses("one"), Losses("slow"));
    }

    [Fact]
    public void A_run_as_fast_as_the_trial_promised_keeps_its_threads()
    {
        Train("fast", Configuration("dense", 0), null, stepTime: 0.005);

        Assert.Empty(_events.OfType<TrainingNotice>());
        Assert.Equal(2, VaeConfiguration.Read(_folder["fast/config.json"]).Train.Threads);
    }

    [Fact]
    public void Threads_that_were_asked_for_are_neither_tried_nor_watched()
    {
        Train("asked", Configuration("dense", 0), 2, stepTime: 100);

        Assert.Empty(_events.OfType<TrainingNotice>());
        Assert.Contains("as configured", Assert.Single(_events.OfType<RunStarted>()).Step, StringComparison.Ordinal);
        Assert.Equal(2, VaeConfiguration.Read(_folder["asked/config.json"]).Train.Threads);
    }

    [Fact]
    public void A_resumed_run_keeps_the_number_that_was_found_for_it()
    {
        Train("run", Configuration("dense", 0), null, stepTime: 0.7);
        _events.Clear();
        Core.Verbs.Train.Resume(
            new ResumeRequest
            {
                RunFolder = _folder["run"],
                Device = "cpu",
                Change = saved => saved with { Train = saved.Train with { Epochs = 4 } },
            },
            _events.Add,
            CancellationToken.None);

        Assert.Contains("as configured", Assert.Single(_events.OfType<RunStarted>()).Step, StringComparison.Ordinal);
        Assert.Equal(1, VaeConfiguration.Read(_folder["run/config.json"]).Train.Threads);
    }

    private double[] Losses(string run) => [.. MetricsFile.Read(_folder[$"{run}/metrics.jsonl"]).Select(epoch => epoch.Train.Loss)];

    private TrainingOutcome Train(string run, VaeConfiguration configuration, int? threads, double stepTime)
    {
        _events.Clear();
        return Core.Verbs.Train.Start(
            new TrainRequest
            {
                Configuration = configuration,
                Name = "tiny",
                RunFolder = _folder[run],
                Device = "cpu",
                Threads = threads,
                Tuner = new StepTuner
                {
                    Candidates = [1, 2],
                    Time = (_, _, workers) => 0.010 / workers,
                    Clock = new SteppedClock { ByItself = TimeSpan.FromSeconds(stepTime) }, // looked at once a step
                },
            },
            _events.Add,
            CancellationToken.None);
    }

    private static VaeConfiguration Configuration(string step, int checkpointEverySteps)
    {
        VaeConfiguration tiny = TinyRun.Configuration with
        {
            Train = TinyRun.Configuration.Train with { CheckpointEverySteps = checkpointEverySteps, EmaDecay = 0.9 },
        };
        return step switch
        {
            "replicas" => tiny with
            {
                Model = tiny.Vae() with { Encoder = new MlpConfiguration { Hidden = [32], Activation = Activation.Silu } },
            },
            "readable" => tiny with { Objective = new BetaTcObjective() },
            _ => tiny,
        };
    }
}
