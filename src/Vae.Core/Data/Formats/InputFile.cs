using System.IO.Compression;

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

    /// <summary>
    /// Opens a file, and decompresses it where its content (not its name) says that it is gzip. The stream of a compressed file checks
    /// length and checksum when its end is read, and refuses truncated files and bytes other than zero after the end.
    /// </summary>
    /// <exception cref="VaeException">MissingInput where there is no such file; later, from the stream, BadData.</exception>
    public static Stream OpenRead(string path) => TakeOver<FileStream, Stream>(Open(path), file =>
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == magic.Length && magic is [0x1F, 0x8B] ? new CheckedGzipStream(file, path) : file;
    });

    /// <summary>What is made of something that it takes over; where it cannot be made, that is disposed of.</summary>
    public static T TakeOver<TOwned, T>(TOwned owned, Func<TOwned, T> make)
        where TOwned : IDisposable
    {
        try
        {
            return make(owned);
        }
        catch
        {
            owned.Dispose();
            throw;
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

/// <summary>
/// Decompresses a gzip file of one or more members. The framework's stream verifies each, but ends quietly where the file is cut off and
/// says nothing of bytes after the end; zeros there, with which some media fill their blocks, are passed over, others refused.
/// </summary>
internal sealed class CheckedGzipStream : ForwardStream
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly Source _source;
    private readonly GZipStream _content;
    private long _total;
    private bool _ended;

    public CheckedGzipStream(FileStream file, string path)
    {
        _file = file;
        _path = path;
        _source = new Source(file);
        _content = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _content.Read(buffer);
            _total += read;
            if (read == 0 && !buffer.IsEmpty && !_ended)
            {
                CheckEnd();
                _ended = true;
            }

            return read;
        }
        catch (InvalidDataException exception)
        {
            throw InputFile.Bad(_path, $"truncated or damaged gzip file after {_total} bytes of content; get the file again", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _content.Dispose();
        _file.Dispose();
        base.Dispose(disposing);
    }

    private void CheckEnd()
    {
        if (_source.IsUsedUp)
        {
            return;
        }

        long end = FindEnd();
        int next = 0;
        for (_file.Position = end; next == 0;)
        {
            next = _file.ReadByte();
        }

        if (next > 0)
        {
            throw InputFile.Bad(_path, $"{_file.Length - end} bytes follow the end of the gzip data at byte {end}");
        }
    }

    /// <summary>
    /// The end lies in the piece that was handed over last; where all is read once more and that piece byte by byte, the first byte after
    /// the end is the last that is asked for.
    /// </summary>
    private long FindEnd()
    {
        _file.Position = 0;
        Source source = new(_file) { SinglesFrom = _source.Given - _source.Last };
        using GZipStream content = new(source, CompressionMode.Decompress);
        byte[] passed = new byte[1 << 16];
        while (content.Read(passed) > 0)
        {
        }

        return source.Given - 1;
    }

    /// <summary>Hands out a file, then one byte that begins no gzip data. Whoever asks for more has not found the end.</summary>
    private sealed class Source(FileStream file) : ForwardStream
    {
        /// <summary>From where on the file is handed over in pieces of one byte.</summary>
        public long SinglesFrom { get; init; } = long.MaxValue;

        /// <summary>Bytes of the file handed over so far.</summary>
        public long Given { get; private set; }

        /// <summary>Of these, the ones handed over last.</summary>
        public int Last { get; private set; }

        /// <summary>Whether the byte after the file was asked for: nothing follows the gzip data.</summary>
        public bool IsUsedUp { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int most = (int)Math.Min(buffer.Length, Math.Max(1, SinglesFrom - Given));
            Last = file.Read(buffer[..most]);
            Given += Last;
            if (Last > 0 || buffer.IsEmpty)
            {
                return Last;
            }

            if (IsUsedUp)
            {
                throw new InvalidDataException("The file ends too early.");
            }

            IsUsedUp = true;
            buffer[0] = byte.MaxValue;
            return 1;
        }
    }
}
