namespace Vae.Core.Data.Formats;

/// <summary>Opens files that may be compressed with gzip.</summary>
internal static class GzipFile
{
    /// <summary>
    /// Opens a file, and decompresses it where its content (not its name) says that it is gzip. The stream of a compressed file checks
    /// length and checksum when its end is read, and refuses truncated files and bytes other than zero after the end.
    /// </summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> where there is no such file; later, from the stream,
    /// <see cref="FailureKind.BadData"/>.</exception>
    public static Stream OpenRead(string path)
    {
        FileStream file = InputFile.Open(path);
        try
        {
            return CheckedGzipStream.Begins(file) ? new CheckedGzipStream(file, path) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
