using Vae.Core.Data.Sources;

namespace Vae.Cli.Reporting;

/// <summary>Tells of downloads and of work that is counted: a live line on a terminal, one line a download elsewhere.</summary>
internal sealed class WorkReport(Terminal terminal) : IProgress<DownloadProgress>
{
    private readonly LiveProgress? _live = terminal.Animated ? new LiveProgress(terminal.Error, TimeProvider.System) : null;
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);
    private string? _downloading;
    private long _lastShown;

    /// <summary>Reports while the work goes on.</summary>
    public T During<T>(Func<T> work) => _live is null ? work() : _live.During(work);

    /// <summary>Leaves the terminal in order when the process is about to leave without unwinding.</summary>
    public void Abandon() => _live?.Clear();

    /// <summary>Says something for a person.</summary>
    public void Note(string message)
    {
        if (_live is null)
        {
            terminal.Error.WriteLine(message);
        }
        else
        {
            _live.WriteLine(message);
        }
    }

    /// <summary>So much of the work is done; may come from any thread, and often.</summary>
    public void Progress(string subject, long done, long total)
    {
        lock (_gate)
        {
            if (_live is not null && (done == total || TimeProvider.System.GetElapsedTime(_lastShown) >= _interval))
            {
                _lastShown = TimeProvider.System.GetTimestamp();
                _live.Show(subject, done, total);
            }
        }
    }

    /// <summary>Takes news of a download.</summary>
    public void Report(DownloadProgress value)
    {
        if (_live is not null)
        {
            _live.Show(value);
        }
        else if (value.File != _downloading)
        {
            _downloading = value.File;
            Note($"downloading {value.File}{(value.Total is { } total ? $" ({Figures.Bytes(total)})" : "")}");
        }
    }
}
