using System.Runtime.InteropServices;

namespace Vae.Core.Tests.Support;

/// <summary>Writes NumPy's NPY format, version 1.0, little-endian, C order.</summary>
internal static class NpyWriter
{
    /// <summary>Writes one array.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="long"/> or <see cref="byte"/>.</typeparam>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">The size of each dimension.</param>
    public static void Write<T>(Stream output, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long count = 1;
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count = checked(count * size);
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values for an array of {count}", nameof(values));
        }

        output.Write(NpyFormat.CreateHeader(NpyFormat.TypeOf<T>(), shape));
        output.Write(MemoryMarshal.AsBytes(values));
    }
}

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
        (NpyType type, long[] shape) = NpyFormat.ReadHeader(stream, place);
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

    /// <summary>Reads one array of an archive.</summary>
    public static NpyArray Read(this NpzReader archive, string name)
    {
        using Stream content = archive.OpenArray(name);
        return Read(content, archive.Place(name));
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
internal sealed record NpyArray(NpyType Type, IReadOnlyList<long> Shape, Array Elements)
{
    public int Length => Elements.Length;

    /// <summary>The elements, as <see cref="float"/>, <see cref="long"/> or <see cref="byte"/> according to <see cref="Type"/>.</summary>
    /// <exception cref="InvalidOperationException">Where the array is of another type.</exception>
    public T[] Values<T>()
        where T : unmanaged =>
        typeof(T[]) == Elements.GetType()
            ? (T[])Elements
            : throw new InvalidOperationException($"an array of {Type} cannot be taken as {typeof(T).Name}");
}
