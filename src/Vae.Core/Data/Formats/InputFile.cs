namespace Vae.Core.Data.Formats;

/// <summary>Opens files that someone else wrote and turns what can go wrong into failures a user can mend.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for reading from its start to its end.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> where it is not there or may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VaeException(FailureKind.MissingInput, $"{path}: there is no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            string reason = Directory.Exists(path) ? "it is a folder" : "permission denied";
            throw new VaeException(FailureKind.MissingInput, $"{path}: cannot be read, {reason}", exception);
        }
        catch (IOException exception)
        {
            throw new VaeException(
                FailureKind.InputOutput, $"{path}: cannot be read, {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Runs a reader and turns the exceptions of the framework into typed ones.</summary>
    public static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw Bad(path, $"damaged: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>A failure of the disk or the network under a file.</summary>
    public static VaeException Unreadable(string path, IOException exception) =>
        new(FailureKind.InputOutput, $"{path}: reading failed, {exception.Message.ReplaceLineEndings(" ")}", exception);

    /// <summary>A failure of <see cref="FailureKind.BadData"/> that begins with the path.</summary>
    public static VaeException Bad(string path, string problem, Exception? inner = null) =>
        new(FailureKind.BadData, $"{path}: {problem}", inner);
}
