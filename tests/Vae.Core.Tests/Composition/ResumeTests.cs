using System.Security.Cryptography;

namespace Vae.Core.Tests.Composition;

public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_and_two_epochs_equal_four_in_one_go_to_the_last_bit()
    {
        TinyRun.Train(_folder["whole"], Epochs(4));
        TinyRun.Train(_folder["parts"], Epochs(2));

        TinyRun.Resume(_folder["parts"], saved => saved with { Train = saved.Train with { Epochs = 4 } });

        AssertSameState("whole", "parts");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(11)]
    public void A_run_stopped_in_the_middle_of_an_epoch_ends_like_one_that_never_stopped(int steps)
    {
        TinyRun.Train(_folder["whole"], Epochs(2));
        TrainingOutcome stopped = TrainUntil("parts", steps);
        Assert.True(stopped.Interrupted);
        Assert.Equal(steps, stopped.Steps);

        TrainingOutcome outcome = TinyRun.Resume(_folder["parts"]);

        Assert.False(outcome.Interrupted);
        AssertSameState("whole", "parts");
    }

    [Fact]
    public void A_finished_run_has_nothing_to_resume_and_stays_as_it_is()
    {
        TinyRun.Train(_folder["run"], Epochs(1));
        string before = Hash("run", "checkpoints/last.safetensors");

        TrainingOutcome outcome = TinyRun.Resume(_folder["run"]);

        Assert.Equal(1, outcome.Epochs);
        Assert.Equal(before, Hash("run", "checkpoints/last.safetensors"));
    }

    [Fact]
    public void A_changed_key_that_decides_what_is_learned_is_refused_by_its_path()
    {
        TinyRun.Train(_folder["run"], Epochs(1));

        VaeException error = Assert.Throws<VaeException>(() =>
            TinyRun.Resume(_folder["run"], saved => saved with { Train = saved.Train with { BatchSize = 61 } }));

        Assert.Equal(FailureKind.Usage, error.Kind);
        Assert.Contains("train.batch_size", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_epochs_and_the_output_may_change()
    {
        TinyRun.Train(_folder["run"], Epochs(1));

        TrainingOutcome outcome = TinyRun.Resume(_folder["run"], saved => saved with
        {
            Train = saved.Train with { Epochs = 2 },
            Output = saved.Output with { Samples = 9, SampleEvery = 0 },
        });

        Assert.Equal(2, outcome.Epochs);
        Assert.False(File.Exists(_folder["run/samples/epoch-0002.png"]));
        VaeConfiguration kept = VaeConfiguration.Read(_folder["run/config.json"]);
        Assert.Equal((2, 9), (kept.Train.Epochs, kept.Output.Samples));
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_begins_anew_from_its_configuration()
    {
        TinyRun.Train(_folder["whole"], Epochs(1));
        Directory.CreateDirectory(_folder["killed"]);
        File.Copy(_folder["whole/config.json"], _folder["killed/config.json"]);

        TinyRun.Resume(_folder["killed"]);

        AssertSameState("whole", "killed");
    }

    [Fact]
    public void The_temporary_files_of_a_killed_run_are_cleared_away()
    {
        TinyRun.Train(_folder["run"], Epochs(1));
        foreach (string place in new[] { "", "checkpoints", "samples" })
        {
            _folder.Write(Path.Combine("run", place, ".last.safetensors.4711.0123abcd.tmp"), [1, 2, 3]);
        }

        TinyRun.Resume(_folder["run"]);

        Assert.DoesNotContain(_folder.FileNames(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_a_run_is_a_missing_input()
    {
        Directory.CreateDirectory(_folder["empty"]);

        VaeException error = Assert.Throws<VaeException>(() => TinyRun.Resume(_folder["empty"]));

        Assert.Equal(FailureKind.MissingInput, error.Kind);
    }

    private static VaeConfiguration Epochs(int epochs) =>
        TinyRun.Configuration with { Train = TinyRun.Configuration.Train with { Epochs = epochs, CheckpointEverySteps = 1 } };

    private TrainingOutcome TrainUntil(string run, int steps)
    {
        using CancellationTokenSource stop = new();
        return TinyRun.Train(
            _folder[run],
            Epochs(2),
            happened =>
            {
                if (happened is CheckpointSaved saved && saved.Step >= steps)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
    }

    private void AssertSameState(string left, string right)
    {
        Assert.Equal(WithoutTimes(left), WithoutTimes(right));
        foreach (string file in new[] { "checkpoints/last.safetensors", "checkpoints/best.safetensors" })
        {
            Assert.Equal(Tensors(left, file), Tensors(right, file));
        }
    }

    // Weights, optimizer state and progress; the configuration in the header may name other numbers of epochs.
    private string[] Tensors(string run, string file) => CheckpointDigest.Of(_folder[Path.Combine(run, file)]);

    private string Hash(string run, string file) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder[Path.Combine(run, file)])));

    private string[] WithoutTimes(string run) =>
        [.. MetricsFile.Read(_folder[Path.Combine(run, "metrics.jsonl")])
            .Select(metrics => MetricsFile.ToJson(metrics with { Seconds = 0, ImagesPerSecond = 0 }))];
}
