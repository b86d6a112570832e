using System.Runtime.InteropServices;
using System.Text;

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

        if (OperatingSystem.IsWindows() && !(Console.IsOutputRedirected && Console.IsErrorRedirected))
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

/// <summary>
/// Which of the standard streams the process was given. Cron and daemons may start it with some of them closed; the runtime's own pipes
/// then get their numbers, and what is written there would reach the runtime and not a reader.
/// </summary>
internal static partial class StandardStreams
{
    public const int Output = 1;
    public const int Error = 2;

    private const int GetDescriptorFlags = 1;   // F_GETFD
    private const int GetStatusFlags = 3;       // F_GETFL
    private const int CloseOnExecute = 1;       // FD_CLOEXEC
    private const int AccessMode = 3;           // O_ACCMODE
    private const int ReadOnly = 0;             // O_RDONLY

    /// <summary>
    /// Whether a stream was open for writing when the process began. What was opened since is closed on execution, which no stream can be
    /// that came through one.
    /// </summary>
    public static bool IsGiven(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return true; // there a closed stream takes everything and keeps nothing
        }

        int flags = FileControl(descriptor, GetDescriptorFlags);
        return flags >= 0 && (flags & CloseOnExecute) == 0 && (FileControl(descriptor, GetStatusFlags) & AccessMode) != ReadOnly;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command);
}

/// <summary>Standard output that was closed before the program began: writing fails in words, and changes nothing.</summary>
internal sealed class ClosedOutput : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What to say when a result has nowhere to go.</summary>
    public static VaeException Failure() => new(
        FailureKind.OutputUnwritable, "standard output: closed, so that the result cannot be told; send it to a file or a pipe");

    public override void Write(char value) => throw Failure();
}

/// <summary>
/// A stream whose failed writes are forgotten. A terminal that was closed or a log on a full disk must not end a run of many hours
/// for the sake of a message.
/// </summary>
internal sealed class ForgivingStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Standard error, safe for any thread.</summary>
    public static TextWriter StandardError() => TextWriter.Synchronized(
        new StreamWriter(new ForgivingStream(Console.OpenStandardError()), Console.Error.Encoding) { AutoFlush = true });

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException)
        {
            // There is nobody left to tell.
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
