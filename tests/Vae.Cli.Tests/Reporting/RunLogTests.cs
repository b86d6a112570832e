using System.Text.Json;

namespace Vae.Cli.Tests.Reporting;

public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_epoch_is_one_line()
    {
        using (RunLog log = Open())
        {
            log.Write(Events.Epoch());
        }

        Assert.Equal(
            "epoch 3/20  elbo -104.21 (validation -103.98)  reconstruction -80.11  kl 24.10  active 18  13,950 images/s  4.1 s",
            _lines[^1]);
    }

    [Fact]
    public void Without_a_validation_split_the_line_does_without_it()
    {
        using (RunLog log = Open())
        {
            log.Write(Events.Epoch(validated: false));
        }

        Assert.Equal("epoch 3/20  elbo -104.21  reconstruction -80.11  kl 24.10  active 18  13,950 images/s  4.1 s", _lines[^1]);
    }

    [Fact]
    public void Where_active_units_cannot_be_counted_the_line_does_without_them()
    {
        using (RunLog log = Open())
        {
            log.Write(Events.Epoch(activeUnits: null));
        }

        Assert.Equal(
            "epoch 3/20  elbo -104.21 (validation -103.98)  reconstruction -80.11  kl 24.10  13,950 images/s  4.1 s", _lines[^1]);
    }

    [Fact]
    public void The_start_names_folder_device_and_sizes()
    {
        Open().Dispose();
        Assert.Equal($"{_folder.Path}: 652,824 parameters, 50,000 images to train on and 10,000 to validate", _lines[0]);
        Assert.Equal("on cpu (no GPU was found); fused, 2 workers; epochs 1 to 20 of 391 steps", _lines[1]);
    }

    [Fact]
    public void The_end_tells_the_best_epoch()
    {
        using (RunLog log = Open())
        {
            log.Write(Events.Finished());
        }

        Assert.Equal(["done: epoch 20 of 20, step 7,820, 83.3 s", "best validation elbo -101.50 in epoch 19"], _lines[^2..]);
    }

    [Fact]
    public void An_interrupted_run_says_that_a_checkpoint_is_saved()
    {
        using (RunLog log = Open())
        {
            log.Write(Events.Finished(interrupted: true));
        }

        Assert.Equal("stopped after epoch 0 of 20, step 77, 83.3 s; a checkpoint is saved", _lines[^1]);
    }

    [Theory]
    [InlineData(Verbosity.Quiet, 1)]
    [InlineData(Verbosity.Normal, 4)]
    [InlineData(Verbosity.Verbose, 6)]
    internal void People_are_told_as_much_as_they_asked_for(Verbosity verbosity, int lines)
    {
        using RunLog log = Open(verbosity);
        log.Write(Events.Warning);
        log.Write(Events.Steps(1, 100));
        log.Write(Events.Checkpoint);
        log.Write(Events.Epoch());
        Assert.Equal(lines, _lines.Count);
        Assert.Contains("warning: CUDA is too old; the CPU is used", _lines);
    }

    [Fact]
    public void The_file_has_one_json_object_an_event_with_its_figures()
    {
        using (RunLog log = Open(Verbosity.Quiet))
        {
            log.Write(Events.Steps(1, 100));
            log.Write(Events.Checkpoint);
            log.Write(Events.Epoch());
        }

        JsonElement[] events = Log();
        Assert.Equal(4, events.Length); // two at the start; progress within epochs only when it was asked for
        JsonElement figures = events[^1].GetProperty("Properties");
        Assert.Equal(-103.98, figures.GetProperty("ValidationElbo").GetDouble());
        Assert.Equal(-80.106, figures.GetProperty("Reconstruction").GetDouble());
        Assert.Equal(1_173, figures.GetProperty("Step").GetInt64());
        Assert.Equal(0.5, figures.GetProperty("Beta").GetDouble());
    }

    [Fact]
    public void What_was_told_before_the_folder_was_known_is_in_the_file_too()
    {
        using (RunLog log = new RunLog(_lines.Add, Verbosity.Normal))
        {
            log.Write(Events.Warning);
            log.Write(Events.Started(_folder.Path));
        }

        Assert.Equal("CUDA is too old; the CPU is used", Log()[0].GetProperty("Properties").GetProperty("Notice").GetString());
        Assert.Equal("Warning", Log()[0].GetProperty("Level").GetString());
    }

    [Fact]
    public void A_later_session_goes_on_in_the_same_file()
    {
        Open().Dispose();
        Open().Dispose();
        Assert.Equal(4, Log().Length);
    }

    [Fact]
    public void A_failure_is_kept_in_the_file_and_not_told_twice()
    {
        using (RunLog log = Open())
        {
            log.Failure(new VaeException(FailureKind.Diverged, "step 7: kl is not finite"));
        }

        JsonElement last = Log()[^1];
        Assert.Equal("Fatal", last.GetProperty("Level").GetString());
        Assert.Equal("step 7: kl is not finite", last.GetProperty("Properties").GetProperty("Failure").GetString());
        Assert.Equal(ExitCode.Diverged, last.GetProperty("Properties").GetProperty("ExitCode").GetInt32());
        Assert.False(last.TryGetProperty("Exception", out _));
        Assert.Equal(2, _lines.Count);
    }

    [Fact]
    public void The_stack_of_a_defect_is_kept_in_the_file()
    {
        using (RunLog log = Open())
        {
            log.Failure(new InvalidOperationException("surprise"));
        }

        Assert.Contains("InvalidOperationException: surprise", Log()[^1].GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    private RunLog Open(Verbosity verbosity = Verbosity.Normal)
    {
        RunLog log = new RunLog(_lines.Add, verbosity);
        log.Write(Events.Started(_folder.Path));
        return log;
    }

    private JsonElement[] Log() =>
        [.. File.ReadLines(_folder.At(RunFolderSink.FileName)).Select(line => JsonDocument.Parse(line).RootElement)];
}
