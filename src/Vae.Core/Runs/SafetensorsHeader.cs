using System.Text.Unicode;

namespace Vae.Core.Runs;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions; none for a scalar.</param>
/// <param name="Offset">Where its bytes begin, counted from the end of the header.</param>
/// <param name="ByteCount">How many bytes it has.</param>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Offset, long ByteCount);

/// <summary>The JSON header of a safetensors file, checked against everything that the format demands.</summary>
internal sealed class SafetensorsHeader(string file)
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The limit of the format.</summary>
    public const long MaximumBytes = 100_000_000;

    /// <summary>Far above any model of this program; it bounds what a hostile header can make of its bytes in memory.</summary>
    private const int MostEntries = 100_000;

    /// <summary>Likewise: names, keys and texts together, which take twice as much as strings.</summary>
    private const int MostTextBytes = 8 << 20;

    /// <summary>The limit of libtorch.</summary>
    private const int MostDimensions = 64;

    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);

    private long _textBytes;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Ordered { get; private set; } = [];

    /// <summary>Reads and checks a header.</summary>
    /// <param name="utf8">The header's bytes.</param>
    /// <param name="dataBytes">How many bytes follow the header in the file.</param>
    /// <param name="file">What messages call the file.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/>: the header is not what the format demands.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8, long dataBytes, string file)
    {
        SafetensorsHeader header = new SafetensorsHeader(file);
        if (utf8.IsEmpty || utf8[0] != (byte)'{')
        {
            throw header.Bad("the header does not begin with '{'");
        }

        if (!Utf8.IsValid(utf8))
        {
            throw header.Bad("the header is not valid UTF-8");
        }

        Utf8JsonReader reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 3 });
        try
        {
            header.ReadRoot(ref reader);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is thrown for half a surrogate pair in a text.
            throw header.Bad($"the header is not valid JSON near its byte {reader.TokenStartIndex}", failure);
        }

        header.CheckLayout(dataBytes);
        return header;
    }

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        bool hasMetadata = false;
        reader.Read(); // '{', looked at before
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = ReadText(ref reader);
            reader.Read();
            if (_entries.ContainsKey(name) || (name == MetadataKey && hasMetadata))
            {
                throw Bad($"{Printable.Quote(name)} stands more than once in the header");
            }

            if (name == MetadataKey)
            {
                hasMetadata = true;
                ReadMetadata(ref reader);
            }
            else
            {
                _entries.Add(name, ReadEntry(ref reader, name));
            }

            if (_entries.Count > MostEntries)
            {
                throw Bad($"the header names more than {MostEntries} tensors");
            }
        }

        reader.Read(); // throws unless nothing but white space follows
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad($"{MetadataKey} is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = ReadText(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Bad($"{MetadataKey}: the value of {Printable.Quote(key)} is not a text");
            }

            if (!_metadata.TryAdd(key, ReadText(ref reader)))
            {
                throw Bad($"{MetadataKey}: {Printable.Quote(key)} stands more than once");
            }

            if (_metadata.Count > MostEntries)
            {
                throw Bad($"{MetadataKey} has more than {MostEntries} entries");
            }
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad(name, "is not described by an object");
        }

        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = ReadText(ref reader);
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(ref reader, name, key, MostDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(ref reader, name, key, 2);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Bad(name, $"{key} stands more than once");
                default:
                    throw Bad(name, $"has an unknown key {Printable.Quote(key)}");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
        {
            throw Bad(name, "expected dtype, shape and data_offsets with a begin and an end");
        }

        if (end < begin)
        {
            throw Bad(name, $"ends at {end}, before its begin at {begin}");
        }

        return new(name, type.Value, shape, begin, end - begin);
    }

    private SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        string? found = reader.TokenType == JsonTokenType.String ? ReadText(ref reader) : null;
        return found is not null && SafetensorsTypes.TryParse(found, out SafetensorsType type)
            ? type
            : throw Bad(name, $"has an unknown dtype: {(found is null ? "no text" : Printable.Quote(found))}");
    }

    private string ReadText(ref Utf8JsonReader reader)
    {
        _textBytes += reader.ValueSpan.Length;
        return _textBytes <= MostTextBytes
            ? reader.GetString()!
            : throw Bad($"the header has more than {MostTextBytes} bytes of names and texts");
    }

    private long[] ReadIntegers(ref Utf8JsonReader reader, string name, string key, int most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Bad(name, $"{key} is not an array");
        }

        List<long> numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw Bad(name, $"{key} holds something other than integers of 0 to {long.MaxValue}");
            }

            numbers.Add(number);
            if (numbers.Count > most)
            {
                throw Bad(name, $"{key} has more than {most} numbers");
            }
        }

        return [.. numbers];
    }

    /// <summary>Tensors must fill the bytes after the header without holes, overlaps or a rest, each as long as its shape says.</summary>
    private void CheckLayout(long dataBytes)
    {
        Ordered = [.. _entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount)];
        long position = 0L;
        foreach (SafetensorsEntry entry in Ordered)
        {
            if (!entry.Type.TryGetByteCount(entry.Shape, out long bytes) || bytes != entry.ByteCount)
            {
                string shape = string.Join(", ", entry.Shape);
                throw Bad(entry.Name, $"{entry.Type.Name()}[{shape}] does not have the {entry.ByteCount} bytes that data_offsets give it");
            }

            if (entry.Offset != position)
            {
                throw Bad(entry.Name, $"begins at {entry.Offset}, where {position} was expected: tensors overlap or leave a hole");
            }

            position = entry.Offset + entry.ByteCount;
            if (position > dataBytes)
            {
                throw Bad(entry.Name, $"ends at {position}, but the file has only {dataBytes} bytes of data: it is cut short");
            }
        }

        if (position != dataBytes)
        {
            throw Bad($"{dataBytes - position} bytes follow the last tensor");
        }
    }

    private VaeException Bad(string tensor, string message) => Bad($"tensor {Printable.Quote(tensor)}: {message}");

    private VaeException Bad(string message, Exception? failure = null) => new(FailureKind.BadData, $"{file}: {message}", failure);
}
