using System.Runtime.InteropServices;

namespace Vae.Core.Data.Formats;

/// <summary>
/// Reads NumPy's NPY format: float32, int64 and uint8 arrays, little-endian, C order; everything else is refused by name.
/// </summary>
internal static class NpyReader
{
    private const int FirstBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.MissingInput"/> or <see cref="FailureKind.BadData"/>.</exception>
    public static NpyArray Read(string path) => InputFile.Read(path, () =>
    {
        using FileStream stream = InputFile.Open(path);
        return Read(stream, path);
    });

    /// <summary>Reads one array to the end of a stream, taking memory only as values arrive.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="place">What the stream is, for messages.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/>.</exception>
    public static NpyArray Read(Stream stream, string place)
    {
        (NpyType type, long[]? shape) = NpyFormat.ReadHeader(stream, place);
        long count = 1;
        foreach (long size in shape)
        {
            count = size == 0 || count <= Array.MaxLength / size
                ? count * size
                : throw InputFile.Bad(place, $"an array of ({string.Join(", ", shape)}) is larger than can be held");
        }

        return type switch
        {
            NpyType.Float32 => new NpyArray(type, shape, ReadValues<float>(stream, (int)count, place)),
            NpyType.Int64 => new NpyArray(type, shape, ReadValues<long>(stream, (int)count, place)),
            _ => new NpyArray(type, shape, ReadValues<byte>(stream, (int)count, place)),
        };
    }

    /// <summary>Opens uint8 images [H, W], [N, H, W] or [N, C, H, W], to be read a limited number at a time.</summary>
    /// <param name="stream">An array to the end of the stream, which is taken over.</param>
    /// <param name="place">What the stream is, for messages.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/>.</exception>
    public static ImageStream OpenImages(Stream stream, string place)
    {
        try
        {
            (NpyType type, long[]? shape) = InputFile.Read(place, () => NpyFormat.ReadHeader(stream, place));
            string sizes = string.Join('x', shape);
            if (type != NpyType.UInt8)
            {
                throw InputFile.Bad(
                    place, $"elements of type {type} where uint8 from 0 (black) to 255 (white) is expected; convert and save it again");
            }

            if (shape.Length is < 2 or > 4)
            {
                throw InputFile.Bad(place, $"{shape.Length} dimensions where images [H, W], [N, H, W] or [N, C, H, W] are expected");
            }

            long count = shape.Length == 2 ? 1 : shape[0];
            if (count is < 1 or > int.MaxValue)
            {
                throw InputFile.Bad(place, $"{count} images are announced where 1 to {int.MaxValue} are expected");
            }

            ImageShape image = ImageStream.ShapeOf(place, shape.Length == 2 ? shape : shape[1..]);
            return new ImageStream(stream, place, image, (int)count, sizes);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static unsafe T[] ReadValues<T>(Stream stream, int count, string place)
        where T : unmanaged
    {
        T[] values = new T[Math.Min(count, FirstBytes / sizeof(T))];
        for (int filled = 0; filled < count; filled = values.Length)
        {
            if (filled > 0)
            {
                Array.Resize(ref values, (int)Math.Min(count, 2L * filled));
            }

            Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan(filled));
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < bytes.Length)
            {
                long found = ((long)filled * sizeof(T)) + read;
                throw InputFile.Bad(place, $"ends after {found} bytes of values where {(long)count * sizeof(T)} are announced");
            }
        }

        return stream.ReadByte() < 0 ? values : throw InputFile.Bad(place, $"more bytes follow than the {count} values that are announced");
    }
}

/// <summary>An array read from an NPY file or an NPZ archive, in C order.</summary>
internal sealed class NpyArray
{
    private readonly Array _values;

    public NpyArray(NpyType type, long[] shape, Array values)
    {
        Type = type;
        Shape = shape;
        _values = values;
    }

    /// <summary>The type of the elements.</summary>
    public NpyType Type { get; }

    /// <summary>The size of each dimension; empty for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Length => _values.Length;

    /// <summary>The elements, as <see cref="float"/>, <see cref="long"/> or <see cref="byte"/> according to <see cref="Type"/>.</summary>
    /// <exception cref="InvalidOperationException">Where the array is of another type.</exception>
    public T[] Values<T>()
        where T : unmanaged =>
        typeof(T[]) == _values.GetType()
            ? (T[])_values
            : throw new InvalidOperationException($"an array of {Type} cannot be taken as {typeof(T).Name}");
}
