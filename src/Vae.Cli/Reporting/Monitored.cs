namespace Vae.Cli.Reporting;

/// <summary>Work as its user meets it: reported while it goes on, ended by signals, its result printed at the end.</summary>
internal static class Monitored
{
    /// <summary>Does work that leaves nothing behind when it is stopped, prints what it gives, and returns the exit code.</summary>
    public static int Work(Terminal terminal, Func<Report, CancellationToken, string> work)
    {
        Report report = new(terminal, isQuiet: false);
        return Execute(report, "nothing is written", null, stop =>
        {
            terminal.Print(report.During(() => work(report, stop)));
            return false;
        });
    }

    /// <summary>Writes a file, prints its path, and returns the exit code.</summary>
    public static int Write(Terminal terminal, string path, int? imagesInRow, Action<Report, ArrayOutput, CancellationToken> work) =>
        Work(terminal, (report, stop) =>
        {
            ArrayOutput.Write(path, imagesInRow, output => work(report, output, stop));
            return path;
        });

    /// <summary>Trains, prints the run's folder (or with <paramref name="json"/> an object), and returns the exit code.</summary>
    public static int Train(
        Terminal terminal, Verbosity verbosity, bool json, Func<TrainingReport, CancellationToken, TrainingOutcome> train)
    {
        using TrainingReport report = new(terminal, verbosity);
        return Execute(report, "a checkpoint is being saved", "stopped before training began; nothing is saved", stop =>
        {
            TrainingOutcome outcome = report.During(() => train(report, stop));
            if (outcome.Interrupted)
            {
                report.Note($"continue with: vae train --resume {Quoted(outcome.RunFolder)}");
            }

            terminal.Print(json ? Results.Json(outcome) : outcome.RunFolder);
            return outcome.Interrupted;
        });
    }

    /// <param name="report">Told of signals.</param>
    /// <param name="consequence">What happens after the first signal.</param>
    /// <param name="nothingDone">What to say where the work was stopped and gave no result.</param>
    /// <param name="work">Gives whether it ended because of a signal, though with a result.</param>
    private static int Execute(Report report, string consequence, string? nothingDone, Func<CancellationToken, bool> work)
    {
        using StopSignals signals = new(
            onFirst: () => report.Note($"stopping: {consequence} (once more to leave at once)"),
            leave: code =>
            {
                report.Abandon();
                ProcessExit.AtOnce(code);
            });
        try
        {
            return work(signals.Token) ? signals.ExitCode : ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            if (nothingDone is not null)
            {
                report.Note(nothingDone);
            }

            return signals.ExitCode;
        }
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
