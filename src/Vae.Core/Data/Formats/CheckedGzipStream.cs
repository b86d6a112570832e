using System.IO.Compression;
using Vae.Core.Engine;

namespace Vae.Core.Data.Formats;

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

    public override long Position
    {
        get => _total;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a file begins as gzip files do; its position is left at the start.</summary>
    public static bool Begins(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == magic.Length && magic is [0x1F, 0x8B];
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
        if (disposing)
        {
            _content.Dispose();
            _file.Dispose();
        }

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

    /// <summary>
    /// Hands a file to the decompressor, and after it one byte that begins no gzip data. Whoever asks for more has not found the end.
    /// </summary>
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
