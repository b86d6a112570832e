using System.Text;
using Vae.Core;

namespace Vae.Cli;

/// <summary>The streams of one invocation: data go to <paramref name="Out"/>, everything else to <paramref name="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Animated">Whether escape codes may be written to standard error.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Animated)
{
    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess()
    {
        bool hasError = StandardStreams.IsGiven(StandardStreams.Error);
        bool animated = MayAnimate(hasError && !Console.IsErrorRedirected, Environment.GetEnvironmentVariable);
        if (!animated)
        {
            // The runtime would set a terminal's keypad mode by an escape code of its own.
            Environment.SetEnvironmentVariable("TERM", "dumb");
        }

        if (!Console.IsOutputRedirected || !Console.IsErrorRedirected)
        {
            UseUtf8();
        }

        return new Terminal(
            StandardStreams.IsGiven(StandardStreams.Output) ? Console.Out : new ClosedOutput(),
            hasError ? ForgivingStream.StandardError() : TextWriter.Null,
            animated);
    }

    /// <summary>Proves before work begins that its result can be told.</summary>
    /// <exception cref="VaeException">OutputUnwritable when standard output is closed.</exception>
    public void RequireOutput()
    {
        if (Out is ClosedOutput)
        {
            throw ClosedOutput.Failure();
        }
    }

    /// <summary>
    /// Writes one line of data. Where standard output is closed the work is done all the same, and the line goes to standard error.
    /// </summary>
    /// <exception cref="VaeException">Standard output cannot be written, to a full disk for example.</exception>
    public void Print(string line)
    {
        if (Out is ClosedOutput)
        {
            Error.WriteLine(line);
            return;
        }

        try
        {
            Out.WriteLine(line);
            Out.Flush();
        }
        catch (IOException failure)
        {
            throw new VaeException(FailureKind.InputOutput, $"standard output: {failure.Message}", failure);
        }
    }

    /// <summary>No animation off a terminal, on a dumb one, in CI, or where NO_COLOR asks for plain text (https://no-color.org).</summary>
    public static bool MayAnimate(bool errorIsTerminal, Func<string, string?> environment) =>
        errorIsTerminal
        && string.IsNullOrEmpty(environment("NO_COLOR"))
        && environment("CI") is null or "" or "false" or "0"
        && environment("TERM") != "dumb";

    // The consoles of Windows still start in a code page of the last century.
    private static void UseUtf8()
    {
        if (!OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            Console.OutputEncoding = Encoding.UTF8;
        }
        catch (IOException)
        {
            // A console that will not be changed shows question marks in the bar, nothing worse.
        }
    }
}
