using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Vae.Core.Engine;

/// <summary>
/// Writes a file whole or not at all: to a temporary file in the same folder, flushed to disk, renamed over the old one, the folder
/// flushed. After a failure or a power cut the path holds either the old content or the new one, and no temporary file is left by a
/// failure. Under Unix a file that is replaced passes on its permissions, and its owner and group where the system allows it.
/// </summary>
public static partial class AtomicFile
{
    private const int DeviceError = 5;          // EIO
    private const int NoSpaceLeft = 28;         // ENOSPC
    private const int QuotaExceededLinux = 122; // EDQUOT
    private const int QuotaExceededMac = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Replaces the file at <paramref name="path"/> by what <paramref name="write"/> writes.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.OutputUnwritable"/> where the file cannot be created, <see cref="FailureKind.InputOutput"/> where writing
    /// fails half-way (a full disk).
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        string target = ResolveLink(Path.GetFullPath(path));
        string folder = Path.GetDirectoryName(target) ?? throw Unwritable(path, "it is a folder", null);
        if (Directory.Exists(target))
        {
            throw Unwritable(path, "it is a folder", null);
        }

        string temporary = Temporary(folder, Path.GetFileName(target));
        FileStream stream = Create(path, temporary, replaced: target);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            FlushFolder(folder);
        }
        catch (Exception exception)
        {
            Remove(temporary);
            if (exception is IOException io)
            {
                throw Failure(path, io);
            }

            if (exception is UnauthorizedAccessException)
            {
                throw Unwritable(path, "permission denied", exception);
            }

            throw;
        }
    }

    /// <summary>Replaces the file at <paramref name="path"/> by a text in UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Removes the temporary files that killed processes left in a folder, and nothing else. No other process may be writing there.
    /// </summary>
    /// <exception cref="VaeException"><see cref="FailureKind.OutputUnwritable"/> where one cannot be removed.</exception>
    public static void RemoveAbandoned(string folder)
    {
        try
        {
            IEnumerable<string> files = Directory.EnumerateFiles(folder, ".*.tmp");
            foreach (string file in files.Where(file => TemporaryName().IsMatch(Path.GetFileName(file))))
            {
                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, Reason(exception), exception);
        }
    }

    /// <summary>Proves that files can be made in a folder.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.OutputUnwritable"/> where none can be made.</exception>
    public static void ProveWritable(string folder)
    {
        string probe = Temporary(folder, "probe");
        Create(folder, probe, replaced: null).Dispose();
        Remove(probe);
    }

    private static string Temporary(string folder, string name) => Path.Combine(
        folder, $".{name}.{Environment.ProcessId}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.tmp");

    [GeneratedRegex(@"^\..+\.[0-9]+\.[0-9a-f]{8}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();

    private static FileStream Create(string path, string temporary, string? replaced)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 1 << 16,
        };
        try
        {
            if (OperatingSystem.IsWindows() || !File.Exists(replaced))
            {
                return new FileStream(temporary, options);
            }

            UnixFileMode mode = File.GetUnixFileMode(replaced);
            // Nobody else reads it before it has its owner.
            options.UnixCreateMode = mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite);
            FileStream stream = new(temporary, options);
            Resemble(stream.SafeFileHandle, replaced, mode);
            return stream;
        }
        catch (DirectoryNotFoundException exception)
        {
            throw Unwritable(path, $"there is no folder {Path.GetDirectoryName(temporary)}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotCreate(path, exception);
        }
    }

    /// <summary>
    /// Gives a file the owner, group and permissions of the one that it replaces, as far as the system allows: a superuser who replaces
    /// somebody's file must not take it away from them. What is not allowed is no failure.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void Resemble(SafeFileHandle file, string replaced, UnixFileMode mode)
    {
        // .NET does not tell a file's owner.
        if (OperatingSystem.IsLinux()
            && Native.Status(Native.CurrentFolder, replaced, 0, Native.OwnerAndGroup, out Native.FileStatus status) == 0
            && Native.ChangeOwner(file, (int)status.Owner, (int)status.Group) != 0)
        {
            _ = Native.ChangeOwner(file, Native.Unchanged, (int)status.Group);
        }

        try
        {
            File.SetUnixFileMode(file, mode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file system without permissions of its own.
        }
    }

    /// <summary>A link is kept and the file it leads to replaced, as any program that writes in place would do.</summary>
    internal static string ResolveLink(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path;
        }
        catch (UnauthorizedAccessException)
        {
            return path;
        }
    }

    /// <summary>A file that cannot be removed must not hide the failure that made it useless.</summary>
    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }
    }

    private static bool IsDiskFull(IOException exception) =>
        OperatingSystem.IsWindows()
            ? exception.HResult is WindowsDiskFull or WindowsHandleDiskFull
            : exception.HResult is NoSpaceLeft or QuotaExceededLinux
                || (OperatingSystem.IsMacOS() && exception.HResult == QuotaExceededMac);

    /// <summary>The failure of a file that could be opened but not written, in the same words wherever it happens.</summary>
    internal static VaeException Failure(string path, IOException exception) =>
        IsDiskFull(exception)
            ? new VaeException(FailureKind.InputOutput, $"{path}: not written, disk full; free some space and try again", exception)
            : new VaeException(FailureKind.InputOutput, $"{path}: not written, {Reason(exception)}", exception);

    /// <summary>The failure of a file that could not be made or opened for writing, likewise.</summary>
    internal static VaeException CannotCreate(string path, Exception exception) => exception switch
    {
        UnauthorizedAccessException => Unwritable(path, "permission denied", exception),
        IOException io when IsDiskFull(io) => Failure(path, io),
        _ => Unwritable(path, Reason(exception), exception),
    };

    private static VaeException Unwritable(string path, string reason, Exception? exception) =>
        new(FailureKind.OutputUnwritable, $"{path}: cannot be written, {reason}", exception);

    /// <summary>What the system said, in one line and without the path that it adds, which the message names already.</summary>
    internal static string Reason(Exception exception)
    {
        string line = exception.Message.ReplaceLineEndings(" ");
        int path = line.IndexOf(" : '", StringComparison.Ordinal);
        return path < 0 ? line : line[..path];
    }

    /// <summary>
    /// Makes what was made or renamed in a folder durable. Windows has no such call and needs none: NTFS keeps a journal of its folders.
    /// </summary>
    /// <exception cref="IOException">The device reports an error.</exception>
    internal static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Native.Open(folder, 0);
        if (descriptor < 0)
        {
            return; // a folder that may be written to but not read: nothing can be flushed, the file itself is on disk
        }

        bool failed = Native.Flush(descriptor) != 0 && Marshal.GetLastPInvokeError() == DeviceError;
        _ = Native.Close(descriptor);
        if (failed)
        {
            throw new IOException($"the device reports an error on folder {folder}"); // other errors: a file system that flushes no folders
        }
    }

    private static partial class Native
    {
        internal const int CurrentFolder = -100;     // AT_FDCWD
        internal const uint OwnerAndGroup = 0x18;    // STATX_UID | STATX_GID
        internal const int Unchanged = -1;

        [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Status(int folder, string path, int flags, uint mask, out FileStatus status);

        [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
        internal static partial int ChangeOwner(SafeFileHandle file, int owner, int group);

        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        internal static partial int Flush(int descriptor);

        [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
        internal static partial int Close(int descriptor);

        /// <summary>The kernel's struct statx, the same on every processor.</summary>
        [StructLayout(LayoutKind.Explicit, Size = 256)]
        internal struct FileStatus
        {
            [FieldOffset(20)]
            internal uint Owner;

            [FieldOffset(24)]
            internal uint Group;
        }
    }
}
