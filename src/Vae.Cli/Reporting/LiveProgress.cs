using Spectre.Console;
using Vae.Core.Data.Sources;
using Vae.Core.Models;
using Vae.Core.Training;
using static Vae.Cli.Reporting.Figures;

namespace Vae.Cli.Reporting;

/// <summary>
/// A line at the foot of the terminal that is redrawn while a run goes on; lines for keeping are written above it. It is drawn only
/// when something happened, on the thread that tells of it, so it takes no time from training.
/// </summary>
internal sealed class LiveProgress
{
    private const string EraseLine = "\r\e[2K";
    private static readonly Style BarStyle = new(Color.Green);
    private static readonly Style RestStyle = new(Color.Grey);

    private readonly IAnsiConsole _console;
    private readonly TextWriter _error;
    private readonly TimeProvider _clock;
    // Signals and warnings may come on other threads than the one that trains.
    private readonly Lock _gate = new();
    private ProgressLine? _line;
    private RunStarted? _run;
    private TimeLeft? _timeLeft;
    private long _lastDownload;

    public LiveProgress(TextWriter error, TimeProvider clock)
    {
        _error = error;
        _clock = clock;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(error),
        });
    }

    /// <summary>Shows progress while the work goes on, and clears it away at the end, also after a failure.</summary>
    public T During<T>(Func<T> work)
    {
        _console.Cursor.Hide();
        try
        {
            return work();
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Takes the line away and gives the terminal its cursor back.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _line = null;
            _error.Write(EraseLine);
            _console.Cursor.Show();
        }
    }

    /// <summary>Writes a line above the progress.</summary>
    public void WriteLine(string line)
    {
        lock (_gate)
        {
            _error.Write(EraseLine);
            _error.WriteLine(line);
            Draw();
        }
    }

    /// <summary>Redraws the line after an event of the run.</summary>
    public void Show(TrainingEvent trainingEvent)
    {
        switch (trainingEvent)
        {
            case RunStarted run:
                _run = run;
                _timeLeft = new TimeLeft(_clock, (long)run.Epochs * run.StepsPerEpoch);
                Draw(new ProgressLine($"epoch {run.FirstEpoch}/{run.Epochs}", 0, ""));
                break;
            case StepsCompleted steps when _run is not null:
                Draw(Line(steps, _run));
                break;
            case RunFinished:
                Clear();
                break;
        }
    }

    /// <summary>Redraws the line after a piece of a download, ten times a second at most.</summary>
    public void Show(DownloadProgress download)
    {
        if (_clock.GetElapsedTime(_lastDownload) < TimeSpan.FromMilliseconds(100) && download.Bytes != download.Total)
        {
            return;
        }

        _lastDownload = _clock.GetTimestamp();
        Draw(download.Total is > 0 and var total
            ? new ProgressLine(download.File, (double)download.Bytes / total, $"{Figures.Bytes(download.Bytes)} of {Figures.Bytes(total)}")
            : new ProgressLine(download.File, null, Figures.Bytes(download.Bytes)));
    }

    /// <summary>Redraws the line for work that is counted.</summary>
    public void Show(string subject, long done, long total)
    {
        _timeLeft ??= new TimeLeft(_clock, total);
        string left = _timeLeft.After(done) is { } time ? $"{Duration(time)} left" : "";
        Draw(new ProgressLine(subject, (double)done / total, Invariant($"{done:N0} of {total:N0}  {left}")));
    }

    private ProgressLine Line(StepsCompleted steps, RunStarted run)
    {
        long done = (long)(steps.Epoch - 1) * steps.StepsPerEpoch + steps.StepInEpoch;
        string left = _timeLeft?.After(done) is { } time ? $"{Duration(time)} left  " : "";
        EpochFigures means = steps.Running;
        return new ProgressLine(
            $"epoch {steps.Epoch}/{run.Epochs}",
            (double)steps.StepInEpoch / steps.StepsPerEpoch,
            left + Invariant($"elbo {means.Elbo:0.00}  reconstruction {means.Reconstruction:0.00}  kl {means.Kl:0.00}  ") +
            Invariant($"{steps.ImagesPerSecond:N0} images/s"));
    }

    private void Draw(ProgressLine line)
    {
        lock (_gate)
        {
            _line = line;
            _error.Write(EraseLine);
            Draw();
        }
    }

    private void Draw()
    {
        if (_line is null)
        {
            return;
        }

        // The last column stays free: a terminal would wrap there.
        (string subject, string done, string open, string details) =
            _line.Fit(_console.Profile.Width - 1, _console.Profile.Capabilities.Unicode);
        _console.Write(new Paragraph(subject).Append(done, BarStyle).Append(open, RestStyle).Append(details));
    }
}
