namespace Vae.Core.Tests.Composition;

/// <summary>Schedules, clipping, averages and patience in whole runs: they do what they say, and a resumed run goes on with them.</summary>
public sealed class TrainingOptionsTests : IDisposable
{
    private static readonly TrainConfiguration Train = TinyRun.Configuration.Train;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Options => [.. Configured.Keys];

    private static Dictionary<string, TrainConfiguration> Configured => new()
    {
        ["adamw and cosine"] =
            Train with { Optimizer = new AdamWConfiguration(), Schedule = new CosineSchedule { WarmupEpochs = 1, Epochs = 4 } },
        ["adamax and steps"] = Train with { Optimizer = new AdamaxConfiguration(), Schedule = new StepSchedule { EveryEpochs = 1 } },
        ["nesterov and clipping"] =
            Train with { Optimizer = new SgdConfiguration { Nesterov = true }, GradientClip = 1, LearningRate = 1e-2 },
        ["plain descent and burda"] =
            Train with { Optimizer = new SgdConfiguration { Momentum = 0 }, Schedule = new BurdaSchedule(), GradientClip = 5 },
        ["average"] = Train with { EmaDecay = 0.99 },
        ["plateau"] = Train with { Schedule = new PlateauSchedule { Patience = 1 }, LearningRate = 0.3, GradientClip = 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Options))]
    public void A_run_stopped_and_resumed_ends_like_one_that_never_stopped(string options)
    {
        bool waitsForPlateau = options == "plateau";
        int stop = waitsForPlateau ? 49 : 13; // in the sixth or in the second epoch, of 9 steps each
        TrainConfiguration train = Configured[options] with { Epochs = waitsForPlateau ? 6 : 2, CheckpointEverySteps = stop };
        TinyRun.Train(_folder["whole"], With(train));
        TrainUntil("parts", train, stop);

        TinyRun.Resume(_folder["parts"]);

        AssertSame("whole", "parts");
    }

    [Fact]
    public void A_run_that_loses_its_average_does_not_end_the_same()
    {
        TrainConfiguration train = Configured["average"] with { Epochs = 2, CheckpointEverySteps = 13 };
        TinyRun.Train(_folder["whole"], With(train));
        TrainUntil("parts", train, 13);

        // As if resuming began the averages anew from the weights.
        Rewrite("parts", name => name.StartsWith("ema.", StringComparison.Ordinal) ? name["ema.".Length..] : name, progress => progress);
        TinyRun.Resume(_folder["parts"]);

        Assert.NotEqual(Digest("whole")[..^1], Digest("parts")[..^1]); // the tensors, whatever the progress says
    }

    [Fact]
    public void A_run_that_loses_its_plateau_does_not_end_the_same()
    {
        TrainConfiguration train = Configured["plateau"] with { Epochs = 6, CheckpointEverySteps = 49 };
        TinyRun.Train(_folder["whole"], With(train));
        Assert.True(Progress("whole").RateReductions > 0, "the run was to meet a plateau");
        TrainUntil("parts", train, 49);
        Assert.True(Progress("parts").RateReductions > 0, "the run was to meet a plateau before it is stopped");

        Rewrite("parts", name => name, progress => progress with { RateReductions = 0, PlateauEpochs = 0 });
        TinyRun.Resume(_folder["parts"]);

        Assert.NotEqual(Digest("whole")[..^1], Digest("parts")[..^1]); // the tensors, whatever the progress says
    }

    [Fact]
    public void Evaluation_is_of_the_average_and_training_of_the_weights()
    {
        TinyRun.Train(_folder["plain"], With(Train));
        TinyRun.Train(_folder["average"], With(Configured["average"]));

        EpochMetrics[] plain = [.. MetricsFile.Read(_folder["plain/metrics.jsonl"])];
        EpochMetrics[] averaged = [.. MetricsFile.Read(_folder["average/metrics.jsonl"])];
        Assert.Equal(plain.Select(epoch => epoch.Train), averaged.Select(epoch => epoch.Train));
        Assert.All(plain.Zip(averaged), pair => Assert.NotEqual(pair.First.Validation, pair.Second.Validation));
    }

    [Fact]
    public void A_checkpoint_with_an_average_is_loaded_as_the_average()
    {
        TinyRun.Train(_folder["run"], With(Configured["average"]));
        EpochMetrics last = MetricsFile.Read(_folder["run/metrics.jsonl"])[^1];
        using LoadedModel loaded = LoadedModel.Load(
            new EvaluateElboRequest { RunFolder = _folder["run"], Checkpoint = "last", Device = "cpu", Threads = 1 });

        EvaluationResult estimate = new ImportanceEvaluator { Samples = 1 }.Evaluate(
            loaded.Model,
            loaded.Loader(loaded.Images(new EvaluateElboRequest { Split = Split.Validation }, CancellationToken.None)),
            new RandomStream((ulong)Train.Seed, RandomPurpose.EvaluationNoise),
            loaded.Device.Device);

        Assert.Equal(last.Validation!.Elbo, estimate.Elbo, 9);
    }

    [Fact]
    public void Patience_ends_a_run_whose_ELBO_rises_no_more_and_says_so()
    {
        List<TrainingEvent> events = [];
        TrainConfiguration train = Train with { Epochs = 50, Patience = 2, LearningRate = 0.05 };

        TrainingOutcome outcome = TinyRun.Train(_folder["run"], With(train), events.Add);

        Assert.True(outcome.EndedEarly);
        Assert.False(outcome.Interrupted);
        Assert.InRange(outcome.Epochs, 3, 49);
        Assert.Equal(outcome.BestEpoch + 2, outcome.Epochs);
        string notice = Assert.Single(events.OfType<TrainingNotice>()).Message;
        Assert.Contains(
            $"of epoch {outcome.BestEpoch} for 2 epochs: training ends after epoch {outcome.Epochs} of 50",
            notice,
            StringComparison.Ordinal);
        Assert.Equal(outcome, Assert.IsType<TrainingOutcome>(events[^1]));

        TrainingOutcome again = TinyRun.Resume(_folder["run"]);
        Assert.Equal(outcome.Epochs, again.Epochs);
        Assert.True(again.EndedEarly);

        TrainingOutcome more = TinyRun.Resume(
            _folder["run"], saved => saved with { Train = saved.Train with { Patience = 0, Epochs = outcome.Epochs + 1 } });
        Assert.Equal(outcome.Epochs + 1, more.Epochs);
        Assert.False(more.EndedEarly);
    }

    [Fact]
    public void Epochs_of_a_warm_up_try_no_patience()
    {
        // As the weight of the KL term rises far above 1, the ELBO that it is judged by falls.
        VaeConfiguration configuration = With(Train with { Epochs = 6, Patience = 1, LearningRate = 0.01 }) with
        {
            Objective = new ElboObjective { Beta = 50, WarmupEpochs = 6 },
        };

        TrainingOutcome outcome = TinyRun.Train(_folder["run"], configuration);

        EpochMetrics[] epochs = [.. MetricsFile.Read(_folder["run/metrics.jsonl"])];
        Assert.Contains(epochs.Zip(epochs.Skip(1)), pair => pair.Second.Validation!.Elbo < pair.First.Validation!.Elbo);
        Assert.Equal(6, outcome.Epochs);
        Assert.False(outcome.EndedEarly);
    }

    [Fact]
    public void The_length_of_a_cosine_without_epochs_of_its_own_cannot_change_on_resume()
    {
        TinyRun.Train(_folder["run"], With(Train with { Epochs = 1, Schedule = new CosineSchedule() }));

        VaeException error = Assert.Throws<VaeException>(() =>
            TinyRun.Resume(_folder["run"], saved => saved with { Train = saved.Train with { Epochs = 2 } }));

        Assert.Equal(FailureKind.Usage, error.Kind);
        Assert.Contains("train.schedule.epochs", error.Message, StringComparison.Ordinal);
    }

    private static VaeConfiguration With(TrainConfiguration train) =>
        TinyRun.Configuration with { Train = train, Output = new OutputConfiguration { SampleEvery = 0 } };

    private void TrainUntil(string run, TrainConfiguration train, int step)
    {
        using CancellationTokenSource stop = new();
        void Observe(TrainingEvent happened)
        {
            if (happened is CheckpointSaved saved && saved.Step >= step)
            {
                stop.Cancel();
            }
        }

        TrainingOutcome outcome = TinyRun.Train(_folder[run], With(train), Observe, stop.Token);
        Assert.True(outcome.Interrupted);
        Assert.Equal(step, outcome.Steps);
    }

    private void AssertSame(string left, string right)
    {
        Assert.Equal(Digest(left), Digest(right));
        Assert.Equal(
            CheckpointDigest.Of(_folder[$"{left}/checkpoints/best.safetensors"]),
            CheckpointDigest.Of(_folder[$"{right}/checkpoints/best.safetensors"]));
    }

    private string[] Digest(string run) => CheckpointDigest.Of(_folder[$"{run}/checkpoints/last.safetensors"]);

    private TrainingProgress Progress(string run) => CheckpointFile.Read(_folder[$"{run}/checkpoints/last.safetensors"]).Header.Progress;

    /// <summary>Writes the last checkpoint anew, each tensor with the data of another.</summary>
    private void Rewrite(string run, Func<string, string> source, Func<TrainingProgress, TrainingProgress> change)
    {
        string path = _folder[$"{run}/checkpoints/last.safetensors"];
        SafetensorsFile file = SafetensorsFile.Read(path);
        SafetensorsTensor[] tensors =
        [
            .. file.Entries.Select(entry => new SafetensorsTensor(entry.Name, entry.Type, [.. entry.Shape], file.Data(source(entry.Name)))),
        ];
        Dictionary<string, string> metadata = file.Metadata.ToDictionary();
        TrainingProgress progress = change(Progress(run));
        metadata["vae.progress"] = System.Text.Json.JsonSerializer.Serialize(progress, RunJson.Default.TrainingProgress);
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata));
    }
}
