using System.Runtime.InteropServices;
using System.Text;
using Vae.Core;

namespace Vae.Cli;

/// <summary>
/// Which of the standard streams the process was given. Cron and daemons may start it with some of them closed; the runtime's own pipes then
/// get their numbers, and what is written there would reach the runtime and not a reader.
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
