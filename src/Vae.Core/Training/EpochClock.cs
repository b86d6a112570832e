using System.Diagnostics;

namespace Vae.Core.Training;

/// <summary>Times one epoch and says when a report is due.</summary>
internal sealed class EpochClock(TimeSpan reportInterval)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _lastReport;

    /// <summary>Images trained on by this clock.</summary>
    public long Images { get; set; }

    public TimeSpan Elapsed => _watch.Elapsed;

    public double ImagesPerSecond => Images / Math.Max(1e-9, _watch.Elapsed.TotalSeconds);

    /// <summary>Whether the interval has passed since this last answered yes.</summary>
    public bool IsReportDue()
    {
        TimeSpan now = _watch.Elapsed;
        bool isDue = now - _lastReport >= reportInterval;
        _lastReport = isDue ? now : _lastReport;
        return isDue;
    }
}
