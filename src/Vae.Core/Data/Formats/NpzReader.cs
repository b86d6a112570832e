using System.IO.Compression;

namespace Vae.Core.Data.Formats;

/// <summary>Reads NumPy's .npz: a zip, stored or deflated, of .npy arrays. Names, lengths and checksums are verified.</summary>
public sealed class NpzReader : IDisposable
{
    private const string Extension = ".npy";

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    private NpzReader(string path, ZipArchive archive)
    {
        _path = path;
        _archive = archive;
    }

    /// <summary>The names of the arrays, in the order of the archive.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens an archive.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static NpzReader Open(string path)
    {
        FileStream file = InputFile.Open(path);
        try
        {
            NpzReader reader = Guard(path, () => new NpzReader(path, new ZipArchive(file, ZipArchiveMode.Read)));
            Guard(path, () => reader.List());
            return reader;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads one array.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where there is none of that name or it is damaged.</exception>
    public NpyArray Read(string name)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            throw InputFile.Bad(
                _path,
                $"holds no array named {name}; it holds {(_entries.Count == 0 ? "none" : string.Join(", ", _entries.Keys))}");
        }

        return Guard(_path, () =>
        {
            using var content = new ChecksumStream(entry.Open());
            NpyArray array = NpyReader.Read(content, $"{_path}: array {name}");
            return content.Checksum == entry.Crc32
                ? array
                : throw InputFile.Bad(
                    _path,
                    $"array {name} is damaged, its checksum is 0x{content.Checksum:x8} where 0x{entry.Crc32:x8} is recorded");
        });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _archive.Dispose();

    private bool List()
    {
        foreach (ZipArchiveEntry entry in _archive.Entries)
        {
            string name = entry.FullName;
            if (name.Any(char.IsControl) || !name.EndsWith(Extension, StringComparison.Ordinal) || !_entries.TryAdd(name[..^Extension.Length], entry))
            {
                string shown = new([.. name.Select(character => char.IsControl(character) ? '?' : character)]);
                throw InputFile.Bad(_path, $"entry {shown} is not an array or is there twice; arrays are named NAME.npy");
            }
        }

        return true;
    }

    /// <summary>The framework tells damaged archives by various exceptions.</summary>
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return InputFile.Read(path, read);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or OverflowException)
        {
            throw InputFile.Bad(path, $"damaged or unsupported archive: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Computes the checksum of what is read.</summary>
    private sealed class ChecksumStream(Stream inner) : Stream
    {
        private Crc32 _checksum;

        public uint Checksum => _checksum.Value;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            _checksum.Append(buffer[..read]);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
