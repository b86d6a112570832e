using System.Buffers.Binary;

namespace Vae.Core.Runs;

/// <summary>
/// A safetensors file in memory, each tensor in an array of its own. Reading checks it against everything that the format demands. No
/// memory is taken on the word of the file: claimed sizes are held against its length.
/// </summary>
internal sealed class SafetensorsFile
{
    private const int LengthBytes = 8;

    private readonly string _file;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, byte[]> _data = new(StringComparer.Ordinal);

    private SafetensorsFile(Stream stream, string file)
    {
        _file = file;
        if (!stream.CanSeek)
        {
            throw Bad("is not an ordinary file");
        }

        if (stream.Length < LengthBytes)
        {
            throw Bad($"has {stream.Length} bytes, fewer than any safetensors file");
        }

        long left = stream.Length - LengthBytes;
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(Next(stream, LengthBytes));
        if (headerBytes > SafetensorsHeader.MaximumBytes || headerBytes > (ulong)left)
        {
            throw Bad($"a header of {headerBytes} bytes does not fit; this is no safetensors file, or it is cut short");
        }

        _header = SafetensorsHeader.Parse(Next(stream, (long)headerBytes), left - (long)headerBytes, file);
        foreach (SafetensorsEntry entry in Entries) // one after the other, without holes
        {
            _data.Add(entry.Name, entry.ByteCount <= Array.MaxLength ? Next(stream, entry.ByteCount) : throw Bad(
                $"tensor {Printable.Quote(entry.Name)} has {entry.ByteCount} bytes, of which only {Array.MaxLength} can be read at once"));
        }
    }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The tensors, in the order of their bytes in the file.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Ordered;

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes where they are at hand; disposed of.</param>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/>: it is not there or may not be read. <see cref="FailureKind.BadData"/>: it is no whole
    /// safetensors file, or a tensor is larger than an array can be (2 GiB). <see cref="FailureKind.InputOutput"/>: reading failed.
    /// </exception>
    public static SafetensorsFile Read(string path, Stream? content = null)
    {
        try
        {
            using Stream stream = content ?? File.OpenRead(path);
            return new SafetensorsFile(stream, path);
        }
        catch (EndOfStreamException failure)
        {
            throw new VaeException(FailureKind.BadData, $"{path}: became shorter while it was read", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw VaeException.Unreadable(path, "a safetensors file", failure);
        }
    }

    /// <summary>The bytes of a tensor.</summary>
    /// <exception cref="KeyNotFoundException">There is no tensor of this name in <see cref="Entries"/>.</exception>
    public ReadOnlyMemory<byte> Data(string name) => _data[name];

    /// <summary>Refuses a file with a value that is infinite or no number.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/>: the message names the first such tensor and element.</exception>
    public void CheckFinite()
    {
        foreach (SafetensorsEntry entry in Entries)
        {
            int index = entry.Type.FirstNonFinite(_data[entry.Name]);
            if (index >= 0)
            {
                throw Bad($"tensor {Printable.Quote(entry.Name)}: element {index} is not a finite number");
            }
        }
    }

    private static byte[] Next(Stream stream, long count)
    {
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private VaeException Bad(string message) => new(FailureKind.BadData, $"{_file}: {message}");
}
