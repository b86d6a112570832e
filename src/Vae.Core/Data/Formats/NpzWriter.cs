using System.IO.Compression;

namespace Vae.Core.Data.Formats;

/// <summary>
/// Writes NumPy's .npz: a zip of .npy arrays, here stored without compression. Several arrays may grow at the same time, in constant
/// memory: their rows wait in temporary files until <see cref="Complete"/>. The same arrays give the same bytes.
/// </summary>
/// <param name="output">Takes the file and stays open; for a file take the stream of <see cref="Engine.AtomicFile.Write"/>.</param>
internal sealed class NpzWriter(Stream output) : IDisposable
{
    // Zip knows no earlier time; a fixed one keeps the bytes a function of the content.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<NpzColumn> _columns = [];

    /// <summary>Begins an array of shape [rows, <paramref name="rowShape"/>…] whose number of rows is what is appended.</summary>
    public NpzColumn AddColumn(string name, NpyType type, params ReadOnlySpan<int> rowShape)
    {
        if (_columns.Exists(column => column.Name == name))
        {
            throw new ArgumentException($"there is an array named {name} already", nameof(name));
        }

        NpzColumn column = new NpzColumn(name, type, rowShape, SpoolFolder());
        _columns.Add(column);
        return column;
    }

    /// <summary>Writes all arrays. Nothing may be appended afterwards.</summary>
    public void Complete()
    {
        using ZipArchive archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        foreach (NpzColumn column in _columns)
        {
            ZipArchiveEntry entry = archive.CreateEntry($"{column.Name}.npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = EntryTime;
            using Stream content = entry.Open();
            column.CopyTo(content);
        }
    }

    /// <summary>Removes the temporary files.</summary>
    public void Dispose() => _columns.ForEach(column => column.Dispose());

    // Rows wait beside the output: where that has room, so has this, while a system's temporary folder may lie in memory.
    private string SpoolFolder() => output is FileStream file ? Path.GetDirectoryName(file.Name)! : Path.GetTempPath();
}

/// <summary>An array of an <see cref="NpzWriter"/> that grows by rows.</summary>
internal sealed class NpzColumn : IDisposable
{
    private const int LargestInMemory = 1 << 20;

    private readonly NpyType _type;
    private readonly long[] _rowShape;
    private readonly long _rowLength;
    private readonly string _spoolFolder;
    private Stream _spool = new MemoryStream();
    private bool _complete;

    internal NpzColumn(string name, NpyType type, ReadOnlySpan<int> rowShape, string spoolFolder)
    {
        Name = name;
        _type = type;
        _rowShape = Array.ConvertAll(rowShape.ToArray(), size => (long)size);
        _rowLength = _rowShape.Aggregate(1L, (product, size) => checked(product * size));
        ArgumentOutOfRangeException.ThrowIfLessThan(_rowLength, 1, nameof(rowShape));
        _spoolFolder = spoolFolder;
    }

    /// <summary>The name of the array.</summary>
    public string Name { get; }

    /// <summary>The rows appended so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Appends whole rows of the array's type.</summary>
    public void Append<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_complete, this);
        if (NpyFormat.TypeOf<T>() != _type || values.Length % _rowLength != 0)
        {
            throw new ArgumentException($"{values.Length} {typeof(T).Name} values are no rows of {_rowLength} {_type}", nameof(values));
        }

        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        if (_spool is MemoryStream && _spool.Length + bytes.Length > LargestInMemory)
        {
            MoveToFile();
        }

        _spool.Write(bytes);
        Rows += values.Length / _rowLength;
    }

    /// <summary>Removes the temporary file; the writer does this for all its arrays.</summary>
    public void Dispose()
    {
        _complete = true;
        _spool.Dispose();
    }

    internal void CopyTo(Stream output)
    {
        _complete = true;
        output.Write(NpyFormat.CreateHeader(_type, [Rows, .. _rowShape]));
        _spool.Position = 0;
        _spool.CopyTo(output);
    }

    private void MoveToFile()
    {
        string path = Path.Combine(_spoolFolder, $".npz.{Environment.ProcessId}.{Guid.NewGuid():n}.tmp");
        FileStream file =
            new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // a file without a name is gone whatever happens to the process
        }

        using Stream memory = _spool;
        _spool = file;
        memory.Position = 0;
        memory.CopyTo(file);
    }
}
