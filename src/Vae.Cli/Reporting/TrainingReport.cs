using Vae.Core.Data.Sources;
using Vae.Core.Training;

namespace Vae.Cli.Reporting;

/// <summary>
/// Tells a person and the run's log what happens in a run: a live line on a terminal, plain lines elsewhere, log.jsonl in the folder.
/// </summary>
internal sealed class TrainingReport : IProgress<DownloadProgress>, IDisposable
{
    private readonly LiveProgress? _live;
    private readonly RunLog _log;
    private string? _downloading;

    public TrainingReport(Terminal terminal, Verbosity verbosity)
    {
        _live = terminal.Animated && verbosity != Verbosity.Quiet ? new LiveProgress(terminal.Error, TimeProvider.System) : null;
        _log = new RunLog(new LineSink(_live is null ? terminal.Error.WriteLine : _live.WriteLine), verbosity);
    }

    /// <summary>Reports while the work goes on; a failure is kept in the run's log and passed on.</summary>
    public T During<T>(Func<T> work)
    {
        try
        {
            return _live is null ? work() : _live.During(work);
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
        _live?.Show(trainingEvent);
        _log.Write(trainingEvent);
    }

    /// <summary>Takes news of a download, on the thread that loads. Without a live line, one line a file will do.</summary>
    public void Report(DownloadProgress value)
    {
        if (_live is not null)
        {
            _live.Show(value);
        }
        else if (value.File != _downloading)
        {
            _log.Note($"downloading {value.File}{(value.Total is { } total ? $" ({Figures.Bytes(total)})" : "")}");
        }

        _downloading = value.File;
    }

    /// <summary>Says something on the program's own account.</summary>
    public void Note(string message) => _log.Note(message);

    /// <summary>Leaves the terminal in order when the process is about to leave without unwinding.</summary>
    public void Abandon() => _live?.Clear();

    public void Dispose() => _log.Dispose();
}
