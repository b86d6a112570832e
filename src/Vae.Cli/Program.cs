using System.CommandLine.Invocation;
using Vae.Cli.Commands;

namespace Vae.Cli;

/// <summary>Builds the root command and maps what comes of it to an exit code.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        Terminal terminal = Terminal.OfProcess();
        // A failure on a thread of its own would end in a core dump with a stack trace.
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            ProcessExit.AtOnce(FailureReport.Write((Exception)unhandled.ExceptionObject, VaeCommand.Name, terminal.Error));
        return Run(args, terminal);
    }

    /// <summary>Runs one command line. Nothing escapes: every failure becomes one line and an exit code.</summary>
    internal static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        string command = VaeCommand.Name;
        try
        {
            // Response files are off: an argument that begins with @ is an argument.
            ParseResult parsed = VaeCommand.Create(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            command = VaeCommand.PathOf(parsed);
            if (parsed.Action is ParseErrorAction)
            {
                terminal.Error.WriteLine(UsageError.Describe(parsed));
                return ExitCode.Usage;
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are ours: a checkpoint may take longer than the library's two seconds.
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception exception)
        {
            return FailureReport.Write(exception, command, terminal.Error);
        }
    }
}
