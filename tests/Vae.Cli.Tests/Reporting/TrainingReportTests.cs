namespace Vae.Cli.Tests.Reporting;

public sealed class TrainingReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _folder.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Off_a_terminal_a_run_is_told_in_plain_lines()
    {
        Tell(animated: false, Verbosity.Normal);
        string[] lines = _error.ToString().Split('\n');
        Assert.DoesNotContain('\e', _error.ToString());
        Assert.DoesNotContain('\r', _error.ToString());
        Assert.Single(lines, line => line.StartsWith("epoch 3/20  elbo -104.21", StringComparison.Ordinal));
        Assert.Single(lines, line => line == "downloading train-images-idx3-ubyte.gz (9.9 MB)");
    }

    [Fact]
    public void On_a_terminal_the_last_line_moves_and_is_gone_at_the_end()
    {
        Tell(animated: true, Verbosity.Normal);
        string text = _error.ToString();
        Assert.Contains("epoch 1/20 ", text, StringComparison.Ordinal);
        Assert.Contains("\r\e[2Kepoch 3/20  elbo -104.21", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\e[2K\e[?25h", text, StringComparison.Ordinal);
        Assert.StartsWith("\e[?25l", text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_failure_the_terminal_has_its_cursor_and_an_empty_line()
    {
        using TrainingReport report = new TrainingReport(new Terminal(TextWriter.Null, _error, true), Verbosity.Normal);
        Assert.Throws<InvalidOperationException>(() => report.During<int>(() =>
        {
            report.Observe(Events.Started(_folder.Path));
            throw new InvalidOperationException("surprise");
        }));
        Assert.EndsWith("\r\e[2K\e[?25h", _error.ToString(), StringComparison.Ordinal);
        report.Dispose();
        Assert.Contains("surprise", File.ReadAllText(_folder.At(RunFolderSink.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quiet_run_draws_nothing_on_a_terminal_either()
    {
        Tell(animated: true, Verbosity.Quiet);
        Assert.Equal("warning: CUDA is too old; the CPU is used\n", _error.ToString());
    }

    private void Tell(bool animated, Verbosity verbosity)
    {
        using TrainingReport report = new TrainingReport(new Terminal(TextWriter.Null, _error, animated), verbosity);
        report.During(() =>
        {
            ((IProgress<DownloadProgress>)report).Report(new DownloadProgress("train-images-idx3-ubyte.gz", 0, 9_912_422));
            ((IProgress<DownloadProgress>)report).Report(new DownloadProgress("train-images-idx3-ubyte.gz", 9_912_422, 9_912_422));
            report.Observe(Events.Warning);
            report.Observe(Events.Started(_folder.Path));
            report.Observe(Events.Steps(1, 100));
            report.Observe(Events.Epoch());
            report.Observe(Events.Checkpoint);
            report.Observe(Events.Finished(_folder.Path));
            return 0;
        });
    }
}
