using System.Diagnostics;

namespace Vae.Core.Runs;

/// <summary>
/// The right of this process alone to change a run, until it is disposed of. The system holds it, on a file of the run's folder, and takes
/// it back when the process ends in whatever way. Who only reads a run needs none.
/// </summary>
public sealed class RunLock : IDisposable
{
    // Removed while another process has it open, it would be locked by that process and, anew under its name, by a third: so it stays.
    private const string LockName = ".lock";
    private const string WriterName = "writer.json";
    private const int LongestWriter = 4096;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WouldBlockLinux = 11; // EWOULDBLOCK
    private const int WouldBlockMac = 35;

    private readonly FileStream _file;

    private RunLock(string root, FileStream file)
    {
        Root = root;
        _file = file;
    }

    /// <summary>The run's folder.</summary>
    public string Root { get; }

    /// <summary>Takes the right to change the run in a folder, which is made where it is not there.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="warn">Told where the file system has no locks.</param>
    /// <exception cref="VaeException">
    /// OutputUnwritable when another process has it, or when the folder cannot be made or written to; InputOutput on a full disk.
    /// </exception>
    public static RunLock Take(string root, Action<string> warn) => TryTake(root, warn) ?? throw new VaeException(
        FailureKind.OutputUnwritable, $"{root}: {Writer(root)} is changing this run; wait until it ends, or stop it");

    /// <summary>The same for a folder that is made below <paramref name="runs"/> and named after the configuration and the time.</summary>
    /// <inheritdoc cref="Take"/>
    public static RunLock TakeNew(string runs, string name, DateTime now, Action<string> warn)
    {
        string stem = Path.Combine(runs, string.Create(CultureInfo.InvariantCulture, $"{name}-{now:yyyyMMdd-HHmmss}"));
        for (int number = 1; ; number++)
        {
            string path = number == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
            if (!Directory.Exists(path) && TryTake(path, warn) is { } taken) // another process may have had the same name in mind
            {
                return taken;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(Path.Combine(Root, WriterName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It says nothing without the lock.
        }

        _file.Dispose();
    }

    private static RunLock? TryTake(string root, Action<string> warn)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VaeException(
                FailureKind.OutputUnwritable, $"{root}: cannot make the run folder: {AtomicFile.Reason(exception)}", exception);
        }

        if (TryOpen(root) is not { } file)
        {
            return null;
        }

        RunLock taken = new(root, file);
        try
        {
            taken.WriteWriter();
            using FileStream? again = TryOpen(root);
            if (again is not null)
            {
                warn($"{root}: no locks on this file system: nothing keeps another process from changing this run at the same time");
            }
        }
        catch
        {
            taken.Dispose();
            throw;
        }

        return taken;
    }

    /// <summary>Opens the file in the one way that excludes all others who do so; null where another one has.</summary>
    private static FileStream? TryOpen(string root)
    {
        string path = Path.Combine(root, LockName);
        // Without sharing, .NET takes an exclusive flock on Unix, which no other program heeds. Windows heeds the sharing itself: reading
        // must be left to programs that copy the folder.
        FileShare share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
        try
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
            }
            catch (UnauthorizedAccessException) when (File.Exists(path)) // another user's, and to be locked it need not be written
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, share);
            }
        }
        catch (IOException exception) when (exception.HResult is WindowsSharingViolation
            || (!OperatingSystem.IsWindows() && exception.HResult is WouldBlockLinux or WouldBlockMac))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotCreate(path, exception);
        }
    }

    // In a file of its own, since nobody else could read it in the locked one. Another user's is not written over, but replaced.
    private void WriteWriter()
    {
        string path = Path.Combine(Root, WriterName);
        using Process process = Process.GetCurrentProcess();
        RunWriter writer = new(process.Id, Environment.MachineName, process.StartTime);
        try
        {
            File.Delete(path);
            File.WriteAllText(path, JsonSerializer.Serialize(writer, RunJson.Default.RunWriter) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotCreate(path, exception);
        }
    }

    /// <summary>Who has the lock, in words; the file may be on its way to be written, or anything at all.</summary>
    private static string Writer(string root)
    {
        try
        {
            string path = Path.Combine(root, WriterName);
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] text = new byte[LongestWriter];
            int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            if (JsonSerializer.Deserialize(text.AsSpan(0, length), RunJson.Default.RunWriter) is { Host: { } host } writer)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"process {writer.Process} on {host}, started {writer.Started:yyyy-MM-dd HH:mm:ss zzz},");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
        }

        return "another process";
    }
}

/// <summary>The process that may change a run.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Started">When the process began.</param>
internal sealed record RunWriter(int Process, string Host, DateTimeOffset Started);
