using System.IO.Compression;
using System.IO.Hashing;

namespace Vae.Core.Data.Formats;

/// <summary>Reads NumPy's .npz: a zip, stored or deflated, of .npy arrays. Names, lengths and checksums are verified.</summary>
internal sealed class NpzReader(string path, ZipArchive archive) : IDisposable
{
    private const string Extension = ".npy";

    /// <summary>What may be read to list the arrays: room for ten thousand of them.</summary>
    private const int LargestList = 1 << 20;

    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>The names of the arrays, in the order of the archive.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens an archive.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static NpzReader Open(string path) => InputFile.TakeOver(new ListedFile(InputFile.Open(path), path), file =>
    {
        NpzReader reader = Guard(path, () => new NpzReader(path, new ZipArchive(file, ZipArchiveMode.Read)));
        Guard(path, reader.List);
        file.IsListed = true;
        return reader;
    });

    /// <summary>Opens one array of an archive as images, to be read a limited number at a time.</summary>
    /// <exception cref="VaeException">BadData where there is none of that name, or it holds no uint8 images.</exception>
    public static ImageStream OpenImages(string path, string name) => InputFile.TakeOver(
        Open(path), reader => NpyFormat.OpenImages(reader.OpenArray(name, reader), reader.Place(name)));

    public string Place(string name) => $"{path}: array {name}";

    public Stream OpenArray(string name, IDisposable? owner = null)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            throw InputFile.Bad(
                path, $"holds no array named {name}; it holds {(_entries.Count == 0 ? "none" : string.Join(", ", _entries.Keys))}");
        }

        return new CheckedEntryStream(Guard(path, entry.Open), path, name, entry.Crc32, owner);
    }

    public void Dispose() => archive.Dispose();

    private bool List()
    {
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string name = entry.FullName;
            if (name.Any(char.IsControl)
                || !name.EndsWith(Extension, StringComparison.Ordinal)
                || !_entries.TryAdd(name[..^Extension.Length], entry))
            {
                string shown = new([.. name.Select(character => char.IsControl(character) ? '?' : character)]);
                throw InputFile.Bad(path, $"entry {shown} is not an array or is there twice; arrays are named NAME.npy");
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
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(path, exception);
        }
    }

    private static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or ArgumentException or NotSupportedException or OverflowException;

    private static VaeException Damaged(string path, Exception exception) =>
        InputFile.Bad(path, $"damaged or unsupported archive: {exception.Message.ReplaceLineEndings(" ")}", exception);

    /// <summary>
    /// An archive's file, of which little may be read until its arrays are listed: an entry takes several times its bytes in memory, and
    /// the framework reads all of them at once.
    /// </summary>
    private sealed class ListedFile(FileStream file, string path) : ForwardStream
    {
        private long _read;

        public bool IsListed { get; set; }

        public override bool CanSeek => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => file.Position = value;
        }

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer);
            _read += read;
            return IsListed || _read <= LargestList
                ? read
                : throw InputFile.Bad(path, $"its list of arrays is longer than {LargestList} bytes");
        }

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>An array's bytes; their checksum is compared with the recorded one where they end.</summary>
    private sealed class CheckedEntryStream(Stream inner, string path, string name, uint recorded, IDisposable? owner) : ForwardStream
    {
        private readonly Crc32 _checksum = new();

        public override int Read(Span<byte> buffer)
        {
            int read = ReadEntry(buffer);
            _checksum.Append(buffer[..read]);
            return read > 0 || buffer.IsEmpty || _checksum.GetCurrentHashAsUInt32() == recorded
                ? read
                : throw InputFile.Bad(
                    path,
                    $"array {name} is damaged, its checksum is 0x{_checksum.GetCurrentHashAsUInt32():x8} "
                    + $"where 0x{recorded:x8} is recorded");
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            owner?.Dispose();
            base.Dispose(disposing);
        }

        private int ReadEntry(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (Exception exception) when (IsDamage(exception))
            {
                throw Damaged(path, exception);
            }
            catch (IOException exception)
            {
                throw InputFile.Unreadable(path, exception);
            }
        }
    }
}
