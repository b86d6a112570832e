using System.Text.Json.Nodes;

namespace Vae.Core.Tests.Composition;

[Collection(AloneCollection.Name)]
public sealed class TrainingRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_learns_and_leaves_everything_that_is_promised()
    {
        List<TrainingEvent> events = [];
        string run = _folder["run"];

        TrainingOutcome outcome = TinyRun.Train(run, observer: events.Add);

        Assert.False(outcome.Interrupted);
        Assert.Equal(3, outcome.Epochs);
        Assert.Equal(27, outcome.Steps); // 512 images by 60
        Assert.IsType<RunStarted>(events[0]);
        Assert.IsType<TrainingOutcome>(events[^1]);
        EpochMetrics[] epochs = [.. events.OfType<EpochCompleted>().Select(e => e.Metrics)];
        Assert.Equal([1, 2, 3], epochs.Select(epoch => epoch.Epoch));
        Assert.True(epochs[2].Validation!.Elbo > epochs[0].Validation!.Elbo + 20, "the ELBO should rise by tens of nats");
        Assert.All(epochs, epoch => Assert.Equal(epoch.Train.Elbo, epoch.Train.Reconstruction - epoch.Train.Kl, 6));
        Assert.All(epochs, epoch => Assert.Equal(-epoch.Train.Elbo, epoch.Train.Loss, 2)); // β = 1
        string[] files =
        [
            "config.json", "metrics.jsonl", "loss.svg", "samples/epoch-0001.png", "samples/epoch-0003.png",
            "checkpoints/last.safetensors", "checkpoints/best.safetensors",
        ];
        foreach (string file in files)
        {
            Assert.True(File.Exists(Path.Combine(run, file)), file);
        }

        Assert.Single(Directory.GetFiles(run, "events.out.tfevents.*"));
        Assert.Empty(Directory.GetFiles(run, "*.tmp", SearchOption.AllDirectories));
        Assert.Equal(epochs.Length, MetricsFile.Read(Path.Combine(run, "metrics.jsonl")).Count);
    }

    [Fact]
    public void One_validation_image_counts_no_active_units()
    {
        VaeConfiguration configuration = TinyRun.Configuration with
        {
            Data = TinyRun.Configuration.Data with { Validation = 1 },
            Train = TinyRun.Configuration.Train with { Epochs = 1 },
        };

        TinyRun.Train(_folder["run"], configuration);

        Assert.Null(Assert.Single(MetricsFile.Read(Path.Combine(_folder["run"], "metrics.jsonl"))).ActiveUnits);
        string events = Assert.Single(Directory.GetFiles(_folder["run"], "events.out.tfevents.*"));
        Assert.DoesNotContain("active_units", File.ReadAllText(events), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_metrics_but_for_times()
    {
        TinyRun.Train(_folder["a"]);
        TinyRun.Train(_folder["b"]);

        Assert.Equal(MetricsWithoutTimes("a"), MetricsWithoutTimes("b"));
    }

    [Fact]
    public void Another_seed_gives_other_metrics()
    {
        TinyRun.Train(_folder["a"]);
        TinyRun.Train(_folder["b"], TinyRun.Configuration with { Train = TinyRun.Configuration.Train with { Seed = 6 } });

        Assert.NotEqual(MetricsWithoutTimes("a"), MetricsWithoutTimes("b"));
    }

    [Fact]
    public void The_resolved_configuration_repeats_the_run()
    {
        TinyRun.Train(_folder["a"]);
        string path = _folder["a/config.json"];

        VaeConfiguration again = VaeConfiguration.Parse(File.ReadAllText(path), path);
        TinyRun.Train(_folder["b"], again);

        Assert.Equal(MetricsWithoutTimes("a"), MetricsWithoutTimes("b"));
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_trained_over()
    {
        TinyRun.Train(_folder["run"]);

        VaeException error = Assert.Throws<VaeException>(() => TinyRun.Train(_folder["run"]));

        Assert.Equal(FailureKind.OutputUnwritable, error.Kind);
    }

    [Fact]
    public void Without_a_validation_split_the_best_checkpoint_is_chosen_by_the_training_ELBO()
    {
        TrainingOutcome outcome = TinyRun.Train(
            _folder["run"], TinyRun.Configuration with { Data = TinyRun.Configuration.Data with { Validation = 0 } });

        EpochMetrics[] epochs = [.. MetricsFile.Read(_folder["run/metrics.jsonl"])];
        Assert.All(epochs, epoch => Assert.Null(epoch.Validation));
        Assert.Equal(epochs.Max(epoch => epoch.Train.Elbo), outcome.BestElbo!.Value, 9);
    }

    [Fact]
    public void A_learning_rate_beyond_reason_ends_as_a_divergence_that_names_step_and_term()
    {
        VaeException error = Assert.ThrowsAny<VaeException>(() => TinyRun.Train(_folder["run"], Diverging()));

        Assert.Equal(FailureKind.Diverged, error.Kind);
        Assert.Matches("epoch 1 at step [0-9]+: the (loss|reconstruction term|KL term|weight [a-z_.0-9]+) is", error.Message);
        Assert.True(File.Exists(_folder["run/checkpoints/last.safetensors"]), "the state before it is kept");
    }

    [Fact]
    public void Rewinding_halves_the_learning_rate_at_most_five_times_and_tells_each()
    {
        List<TrainingEvent> events = [];
        VaeConfiguration configuration = Diverging();
        configuration = configuration with { Train = configuration.Train with { OnDivergence = DivergencePolicy.Rewind } };

        VaeException error = Assert.ThrowsAny<VaeException>(() => TinyRun.Train(_folder["run"], configuration, events.Add));

        Assert.Equal(FailureKind.Diverged, error.Kind);
        Assert.Contains("gave up after 5 rewinds", error.Message, StringComparison.Ordinal);
        string[] notices = [.. events.OfType<TrainingNotice>().Select(notice => notice.Message)];
        Assert.Equal(5, notices.Length);
        Assert.Contains("learning rate 5E+19", notices[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Training_leaves_no_tensor_behind()
    {
        TinyRun.Train(_folder["warm-up"]); // what the library keeps for itself
        long before = LiveTensors();

        TinyRun.Train(_folder["run"]);

        Assert.Equal(before, LiveTensors());
    }

    [Theory]
    [InlineData("model.encoder=conv", "model.decoder=conv", "train.ema_decay=0.9")]
    [InlineData("model.encoder=resnet", "model.decoder=resnet")]
    [InlineData("model.prior=vamp", "objective=iwae", "train.on_divergence=rewind", "train.checkpoint_every_steps=2")]
    [InlineData("model.prior=mixture", "objective=mmd", "train.gradient_clip=1")]
    [InlineData("objective=beta_tc", "train.optimizer=sgd")]
    [InlineData("model.likelihood=gaussian", "model.likelihood.variance=analytic", "data.binarization=none", "train.optimizer=adamax")]
    public void Nor_does_one_of_another_kind(params string[] settings)
    {
        VaeConfiguration configuration = VaeConfiguration.Parse(
            """
            { "data": { "source": "digits", "train_images": 60, "test_images": 10, "validation": 20 },
              "model": { "latent": 3 },
              "train": { "epochs": 1, "batch_size": 15 },
              "output": { "samples": 4 } }
            """,
            "FILE",
            settings);
        long before = LiveTensors();

        TinyRun.Train(_folder["run"], configuration);

        Assert.Equal(before, LiveTensors());
    }

    // This thread's, each that was made and not disposed of. Tensor.TotalCount would also count what a parameter was made of.
    private static long LiveTensors() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static VaeConfiguration Diverging() =>
        TinyRun.Configuration with { Train = TinyRun.Configuration.Train with { LearningRate = 1e20 } };

    private string[] MetricsWithoutTimes(string run) =>
        [.. File.ReadLines(_folder[Path.Combine(run, "metrics.jsonl")]).Select(WithoutTimes)];

    private static string WithoutTimes(string line)
    {
        JsonObject metrics = JsonNode.Parse(line)!.AsObject();
        Assert.True(metrics.Remove("seconds"));
        Assert.True(metrics.Remove("images_per_second"));
        return metrics.ToJsonString();
    }
}
