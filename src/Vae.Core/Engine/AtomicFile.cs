namespace Vae.Core.Engine;

/// <summary>
/// Writes a file whole or not at all: to a temporary file in the same folder, flushed to disk, renamed over the old one, the folder flushed.
/// After a failure or a power cut the path holds either the old content or the new one, and no temporary file is left by a failure.
/// </summary>
public static class AtomicFile
{
    /// <summary>Replaces the file at <paramref name="path"/> by what <paramref name="write"/> writes.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.OutputUnwritable"/> where the file cannot be created, <see cref="FailureKind.InputOutput"/> where writing
    /// fails half-way (a full disk).
    /// </exception>
    public static void Write(string path, Action<Stream> write) => throw new NotImplementedException();

    /// <summary>Replaces the file at <paramref name="path"/> by a text in UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) => throw new NotImplementedException();
}
