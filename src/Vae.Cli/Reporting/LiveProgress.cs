using Spectre.Console;
using static Vae.Cli.Reporting.Figures;

namespace Vae.Cli.Reporting;

/// <summary>
/// A line at the foot of the terminal that is redrawn while a run goes on; lines for keeping are written above it. It is drawn only
/// when something happened, on the thread that tells of it, so it takes no time from training.
/// </summary>
internal sealed class LiveProgress(TextWriter error, TimeProvider clock)
{
    private const string EraseLine = "\r\e[2K";
    private static readonly Style BarStyle = new(Color.Green);
    private static readonly Style RestStyle = new(Color.Grey);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(error),
    });

    // Signals and warnings may come on other threads than the one that trains.
    private readonly Lock _gate = new();
    private ProgressLine? _line;
    private RunStarted? _run;
    private TimeLeft? _timeLeft;
    private long _lastShown;

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
            error.Write(EraseLine);
            _console.Cursor.Show();
        }
    }

    /// <summary>Writes a line above the progress.</summary>
    public void WriteLine(string line)
    {
        lock (_gate)
        {
            error.Write(EraseLine);
            error.WriteLine(line);
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
                _timeLeft = new TimeLeft(clock, (long)run.Epochs * run.StepsPerEpoch);
                Draw(new ProgressLine($"epoch {run.FirstEpoch}/{run.Epochs}", 0, ""));
                break;
            case StepsCompleted steps when _run is not null:
                Draw(Line(steps, _run));
                break;
            case TrainingOutcome:
                Clear();
                break;
        }
    }

    /// <summary>Redraws the line after a piece of a download, ten times a second at most.</summary>
    public void Show(DownloadProgress download)
    {
        if (IsDue(isLast: download.Bytes == download.Total))
        {
            Draw(download.Total is > 0 and var total
                ? new ProgressLine(download.File, (double)download.Bytes / total, $"{Bytes(download.Bytes)} of {Bytes(total)}")
                : new ProgressLine(download.File, null, Bytes(download.Bytes)));
        }
    }

    /// <summary>Redraws the line for work that is counted, as often; may come from any thread.</summary>
    public void Show(string subject, long done, long total)
    {
        lock (_gate)
        {
            if (IsDue(isLast: done == total))
            {
                _timeLeft ??= new TimeLeft(clock, total);
                string left = _timeLeft.After(done) is { } time ? $"{Duration(time)} left" : "";
                Draw(new ProgressLine(subject, (double)done / total, Invariant($"{done:N0} of {total:N0}  {left}")));
            }
        }
    }

    private bool IsDue(bool isLast)
    {
        if (!isLast && clock.GetElapsedTime(_lastShown) < TimeSpan.FromMilliseconds(100))
        {
            return false;
        }

        _lastShown = clock.GetTimestamp();
        return true;
    }

    private ProgressLine Line(StepsCompleted steps, RunStarted run)
    {
        long done = (long)(steps.Epoch - 1) * steps.StepsPerEpoch + steps.StepInEpoch;
        string left = _timeLeft?.After(done) is { } time ? $"{Duration(time)} left  " : "";
        IEnumerable<string> figures = Told(steps.Running)
            .Select(figure => Invariant($"{figure.Key.Replace('_', ' ')} {figure.Value:0.00}"));
        return new ProgressLine(
            $"epoch {steps.Epoch}/{run.Epochs}",
            (double)steps.StepInEpoch / steps.StepsPerEpoch,
            Invariant($"{left}{string.Join("  ", figures)}  {steps.ImagesPerSecond:N0} images/s"));
    }

    private void Draw(ProgressLine line)
    {
        lock (_gate)
        {
            _line = line;
            error.Write(EraseLine);
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

/// <summary>One line of progress: what is under way, how far it is, and figures that are cut off where the terminal ends.</summary>
/// <param name="Subject">What is under way, "epoch 3/20" say.</param>
/// <param name="Fraction">How far it is, 0 to 1; null where nobody knows.</param>
/// <param name="Details">Figures.</param>
internal sealed record ProgressLine(string Subject, double? Fraction, string Details)
{
    // Few widths, or the bar would tremble with the length of the figures.
    private static readonly int[] BarWidths = [30, 20, 10];

    /// <summary>The line in parts for a terminal of the given width, so that the parts of the bar can be coloured.</summary>
    public (string Subject, string Done, string Open, string Details) Fit(int width, bool unicode)
    {
        string subject = Cut($"{Subject} ", width);
        if (Fraction is not { } fraction)
        {
            return (subject, "", "", Cut(Details, width - subject.Length));
        }

        fraction = Math.Clamp(fraction, 0, 1);
        string details = Invariant($" {Math.Floor(fraction * 100),3}%  {Details}");
        int room = Math.Max(0, width - subject.Length);
        int bar = Math.Min(room, BarWidths.FirstOrDefault(candidate => candidate <= room - details.Length, BarWidths[^1]));
        int done = (int)(fraction * bar);
        return (
            subject,
            new string(unicode ? '━' : '#', done),
            new string(unicode ? '─' : '-', bar - done),
            Cut(details, width - subject.Length - bar));
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width)];
}

/// <summary>
/// Estimates the time to the end of a run from the time that its steps take, validation and checkpoints included. The first call
/// starts the clock, so that neither loading nor the steps of an earlier session count.
/// </summary>
/// <param name="clock">Where the time comes from.</param>
/// <param name="totalSteps">Steps of the whole run.</param>
internal sealed class TimeLeft(TimeProvider clock, long totalSteps)
{
    private (long Time, long Steps)? _start;

    /// <summary>The time left when so many steps of the run are done; null before there is anything to judge by.</summary>
    public TimeSpan? After(long steps)
    {
        if (_start is not { } start || steps <= start.Steps)
        {
            _start ??= (clock.GetTimestamp(), steps);
            return null;
        }

        return clock.GetElapsedTime(start.Time) * ((double)Math.Max(0, totalSteps - steps) / (steps - start.Steps));
    }
}
