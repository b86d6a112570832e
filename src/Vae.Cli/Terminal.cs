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
        bool animated = MayAnimate(!Console.IsErrorRedirected, Environment.GetEnvironmentVariable);
        if (!animated)
        {
            // The runtime would set a terminal's keypad mode by an escape code of its own.
            Environment.SetEnvironmentVariable("TERM", "dumb");
        }

        if (!Console.IsOutputRedirected || !Console.IsErrorRedirected)
        {
            UseUtf8();
        }

        return new Terminal(Console.Out, ForgivingStream.StandardError(), animated);
    }

    /// <summary>Writes one line of data.</summary>
    /// <exception cref="VaeException">Standard output cannot be written, to a full disk for example.</exception>
    public void Print(string line)
    {
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
