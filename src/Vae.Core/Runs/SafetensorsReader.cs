using System.Buffers.Binary;

namespace Vae.Core.Runs;

/// <summary>
/// Reads safetensors files. Opening one checks it against everything that the format demands; the values are then read tensor by
/// tensor, straight to where they shall be. No memory is taken on the word of the file: claimed sizes are held against its length.
/// </summary>
internal sealed class SafetensorsReader : IDisposable
{
    private const int LengthBytes = 8;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly long _dataStart;
    private readonly SafetensorsHeader _header;

    /// <summary>Reads the header of a stream that can seek, from its beginning. Disposing the reader disposes the stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.BadData"/>: this is no whole safetensors file. <see cref="FailureKind.InputOutput"/>: reading failed.
    /// </exception>
    public SafetensorsReader(Stream stream, string file)
    {
        _stream = stream;
        _file = file;
        if (!stream.CanSeek)
        {
            throw Bad("is not an ordinary file");
        }

        long length = stream.Length;
        if (length < LengthBytes)
        {
            throw Bad($"has {length} bytes, fewer than any safetensors file");
        }

        stream.Position = 0;
        Span<byte> prefix = stackalloc byte[LengthBytes];
        Fill(prefix);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > SafetensorsHeader.MaximumBytes || headerBytes > (ulong)(length - LengthBytes))
        {
            throw Bad($"a header of {headerBytes} bytes does not fit; this is no safetensors file, or it is cut short");
        }

        byte[] header = new byte[headerBytes];
        Fill(header);
        _dataStart = LengthBytes + header.Length;
        _header = SafetensorsHeader.Parse(header, length - _dataStart, file);
    }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>The tensors, in the order of their bytes in the file.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Ordered;

    /// <summary>Opens a file.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.MissingInput"/>: the file is not there or may not be read; else as for the constructor.
    /// </exception>
    public static SafetensorsReader Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = File.OpenRead(path);
            return new SafetensorsReader(stream, path);
        }
        catch (Exception failure)
        {
            stream?.Dispose();
            switch (failure)
            {
                case FileNotFoundException or DirectoryNotFoundException:
                    throw new VaeException(FailureKind.MissingInput, $"{path}: no such file", failure);
                case UnauthorizedAccessException:
                    string reason = Directory.Exists(path) ? "is a folder, not a safetensors file" : "may not be read; check its permissions";
                    throw new VaeException(FailureKind.MissingInput, $"{path}: {reason}", failure);
                case IOException:
                    throw new VaeException(FailureKind.InputOutput, $"{path}: cannot be read: {failure.Message}", failure);
                default:
                    throw;
            }
        }
    }

    /// <summary>The tensor of a name, or null.</summary>
    public SafetensorsEntry? Find(string name) => _header.Entries.GetValueOrDefault(name);

    /// <summary>Reads bytes of a tensor.</summary>
    /// <param name="entry">The tensor, one of <see cref="Entries"/>.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="offset">Where in the tensor to begin, in bytes.</param>
    /// <exception cref="VaeException">As for the constructor.</exception>
    public void Read(SafetensorsEntry entry, Span<byte> destination, long offset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, entry.ByteCount - offset, nameof(destination));
        _stream.Position = _dataStart + entry.Offset + offset;
        Fill(destination);
    }

    /// <summary>Reads all bytes of a tensor into an array of their own.</summary>
    /// <exception cref="VaeException">
    /// <see cref="FailureKind.BadData"/>: it is larger than an array can be (2 GiB); else as for the constructor.
    /// </exception>
    public byte[] Read(SafetensorsEntry entry)
    {
        if (entry.ByteCount > Array.MaxLength)
        {
            throw Bad(
                $"tensor {Printable.Quote(entry.Name)} has {entry.ByteCount} bytes, of which only {Array.MaxLength} can be read at once");
        }

        byte[] bytes = new byte[entry.ByteCount];
        Read(entry, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Fill(Span<byte> destination)
    {
        try
        {
            _stream.ReadExactly(destination);
        }
        catch (EndOfStreamException failure)
        {
            throw new VaeException(FailureKind.BadData, $"{_file}: became shorter while it was read", failure);
        }
        catch (IOException failure)
        {
            throw new VaeException(FailureKind.InputOutput, $"{_file}: cannot be read: {failure.Message}", failure);
        }
    }

    private VaeException Bad(string message) => new(FailureKind.BadData, $"{_file}: {message}");
}
