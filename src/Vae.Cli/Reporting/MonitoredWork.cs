namespace Vae.Cli.Reporting;

/// <summary>
/// The work of a verb that leaves nothing behind when it is stopped: reported while it goes on, ended by signals, its result printed.
/// </summary>
internal static class MonitoredWork
{
    /// <summary>Works, prints what the work gives for standard output, and returns the exit code.</summary>
    public static int Execute(Terminal terminal, Func<WorkReport, CancellationToken, string> work)
    {
        WorkReport report = new WorkReport(terminal);
        using StopSignals signals = new StopSignals(
            onFirst: () => report.Note("stopping: nothing is written (once more to leave at once)"),
            leave: code =>
            {
                report.Abandon();
                ProcessExit.AtOnce(code);
            });
        try
        {
            string result = report.During(() => work(report, signals.Token));
            terminal.Print(result);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
    }
}
