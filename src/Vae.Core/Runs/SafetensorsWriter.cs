using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace Vae.Core.Runs;

/// <summary>Gives the bytes of a tensor, little-endian and in row-major order. It is called once, when the tensor is written.</summary>
internal delegate ReadOnlySpan<byte> SafetensorsData();

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions; none for a scalar.</param>
/// <param name="Data">Its bytes, as many as type and shape say.</param>
internal sealed record SafetensorsTensor(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, SafetensorsData Data)
{
    /// <summary>A tensor whose bytes are at hand.</summary>
    public SafetensorsTensor(string name, SafetensorsType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
        : this(name, type, shape, () => data.Span)
    {
    }
}

/// <summary>
/// Writes safetensors files. Equal tensors and metadata give equal bytes, in whatever order they come: tensors are sorted by size of
/// their elements, largest first, so that each is aligned, then by name; metadata by key.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes tensors and metadata.</summary>
    /// <param name="stream">Takes the file; it is neither flushed to disk nor closed.</param>
    /// <param name="tensors">The tensors, each name once.</param>
    /// <param name="metadata">The texts under <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved, or a tensor's bytes do not fit its shape.</exception>
    /// <exception cref="IOException">Writing failed.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        SafetensorsTensor[] ordered =
            [.. tensors.OrderByDescending(tensor => tensor.Type.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        long[] sizes = Array.ConvertAll(ordered, Size);
        byte[] header = Header(ordered, sizes, metadata);

        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach ((SafetensorsTensor tensor, long size) in ordered.Zip(sizes))
        {
            ReadOnlySpan<byte> data = tensor.Data();
            if (data.Length != size)
            {
                throw new ArgumentException($"tensor {tensor.Name}: expected {size} bytes, found {data.Length}", nameof(tensors));
            }

            stream.Write(data);
        }
    }

    private static long Size(SafetensorsTensor tensor) => tensor.Type.TryGetByteCount(tensor.Shape, out long bytes)
        ? bytes
        : throw new ArgumentException($"tensor {tensor.Name}: [{string.Join(", ", tensor.Shape)}] is no shape");

    /// <summary>The JSON header, with spaces behind it up to the next multiple of <see cref="Alignment"/>.</summary>
    private static byte[] Header(SafetensorsTensor[] tensors, long[] sizes, IReadOnlyDictionary<string, string> metadata)
    {
        JsonObject header = [];
        if (metadata.Count > 0)
        {
            header[SafetensorsHeader.MetadataKey] = new JsonObject(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        long offset = 0L;
        foreach ((SafetensorsTensor tensor, long size) in tensors.Zip(sizes))
        {
            JsonObject entry = new()
            {
                ["dtype"] = tensor.Type.Name(),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(dimension => (JsonNode)dimension)]),
                ["data_offsets"] = new JsonArray(offset, offset + size),
            };
            if (tensor.Name == SafetensorsHeader.MetadataKey || !header.TryAdd(tensor.Name, entry))
            {
                throw new ArgumentException($"the name {tensor.Name} is used twice or reserved", nameof(tensors));
            }

            offset += size;
        }

        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString(Format));
        int length = (json.Length + Alignment - 1) / Alignment * Alignment;
        return length <= SafetensorsHeader.MaximumBytes
            ? [.. json, .. Enumerable.Repeat((byte)' ', length - json.Length)]
            : throw new ArgumentException($"the header would have {length} bytes, above the format's limit", nameof(metadata));
    }
}
