namespace Vae.Cli.Reporting;

/// <summary>Tells a person of downloads and of work that is counted: a live line on a terminal, one line a download elsewhere.</summary>
internal class Report(Terminal terminal, bool isQuiet) : IProgress<DownloadProgress>
{
    private string? _downloading;

    /// <summary>The line on a terminal, or null.</summary>
    protected LiveProgress? Live { get; } = terminal.Animated && !isQuiet ? new LiveProgress(terminal.Error, TimeProvider.System) : null;

    /// <summary>Reports while the work goes on.</summary>
    public virtual T During<T>(Func<T> work) => Live is null ? work() : Live.During(work);

    /// <summary>Leaves the terminal in order when the process is about to leave without unwinding.</summary>
    public void Abandon() => Live?.Clear();

    /// <summary>Says something for a person.</summary>
    public virtual void Note(string message) => WriteLine(message);

    /// <summary>Counts work; what is returned is told (done, total), from any thread, and often.</summary>
    public Action<int, int> Counting(string subject) => (done, total) => Live?.Show(subject, done, total);

    /// <summary>Takes news of a download, on the thread that loads.</summary>
    void IProgress<DownloadProgress>.Report(DownloadProgress value)
    {
        if (Live is not null)
        {
            Live.Show(value);
        }
        else if (value.File != _downloading)
        {
            _downloading = value.File;
            Note($"downloading {value.File}{(value.Total is { } total ? $" ({Figures.Bytes(total)})" : "")}");
        }
    }

    protected void WriteLine(string line)
    {
        if (Live is null)
        {
            terminal.Error.WriteLine(line);
        }
        else
        {
            Live.WriteLine(line);
        }
    }
}

/// <summary>Tells a person and the run's log what happens in a run.</summary>
internal sealed class TrainingReport : Report, IDisposable
{
    private readonly RunLog _log;

    public TrainingReport(Terminal terminal, Verbosity verbosity)
        : base(terminal, verbosity == Verbosity.Quiet) => _log = new RunLog(WriteLine, verbosity);

    /// <summary>Reports while the work goes on; a failure is kept in the run's log and passed on.</summary>
    public override T During<T>(Func<T> work)
    {
        try
        {
            return base.During(work);
        }
        catch (Exception failure)
        {
            _log.Failure(failure);
            throw;
        }
    }

    /// <summary>Takes an event of the run, on the thread that trains.</summary>
    public void Observe(TrainingEvent trainingEvent)
    {
        Live?.Show(trainingEvent);
        _log.Write(trainingEvent);
    }

    public override void Note(string message) => _log.Note(message);

    public void Dispose() => _log.Dispose();
}
