namespace Vae.Core.Runs;

/// <summary>A safetensors file in memory, each tensor in an array of its own.</summary>
internal sealed class SafetensorsFile
{
    private readonly string _file;
    private readonly Dictionary<string, byte[]> _data;

    private SafetensorsFile(SafetensorsReader reader, string file)
    {
        _file = file;
        Metadata = reader.Metadata;
        Entries = reader.Entries;
        _data = reader.Entries.ToDictionary(entry => entry.Name, reader.Read, StringComparer.Ordinal);
    }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of their bytes in the file.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="VaeException">As for <see cref="SafetensorsReader.Open"/>.</exception>
    public static SafetensorsFile Read(string path)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return new SafetensorsFile(reader, path);
    }

    /// <summary>Reads a stream whole; the stream is disposed.</summary>
    /// <exception cref="VaeException">As for the constructor of <see cref="SafetensorsReader"/>.</exception>
    public static SafetensorsFile Read(Stream stream, string file)
    {
        using SafetensorsReader reader = new SafetensorsReader(stream, file);
        return new SafetensorsFile(reader, file);
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
            long index = SafetensorsValues.FirstNonFinite(entry.Type, _data[entry.Name]);
            if (index >= 0)
            {
                throw new VaeException(
                    FailureKind.BadData, $"{_file}: tensor {Printable.Quote(entry.Name)}: element {index} is not a finite number");
            }
        }
    }
}
