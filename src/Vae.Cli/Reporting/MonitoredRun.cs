using Vae.Core.Training;

namespace Vae.Cli.Reporting;

/// <summary>
/// A training session as its user meets it: reported while it goes on, stopped by signals, its outcome printed at the end.
/// </summary>
internal static class MonitoredRun
{
    /// <summary>Trains, prints the run's folder (or with <paramref name="json"/> an object), and returns the exit code.</summary>
    public static int Execute(
        Terminal terminal, Verbosity verbosity, bool json, Func<TrainingReport, CancellationToken, TrainingOutcome> train)
    {
        using TrainingReport report = new TrainingReport(terminal, verbosity);
        using StopSignals signals = new StopSignals(
            onFirst: () => report.Note("stopping: a checkpoint is being saved (once more to leave at once)"),
            leave: code =>
            {
                report.Abandon();
                ProcessExit.AtOnce(code);
            });
        try
        {
            TrainingOutcome outcome = report.During(() => train(report, signals.Token));
            if (outcome.Interrupted)
            {
                report.Note($"continue with: vae train --resume {Quoted(outcome.RunFolder)}");
            }

            terminal.Print(json ? OutcomeText.Json(outcome) : outcome.RunFolder);
            return outcome.Interrupted ? signals.ExitCode : ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            report.Note("stopped before training began; nothing is saved");
            return signals.ExitCode;
        }
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
