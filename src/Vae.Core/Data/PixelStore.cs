namespace Vae.Core.Data;

/// <summary>
/// The pixels of many images in chunks of whole images, so that no single array limits how many there are and memory grows only as pixels
/// arrive. Filled once, then only read.
/// </summary>
internal sealed class PixelStore
{
    private const int ChunkBytes = 1 << 24;

    private readonly List<byte[]> _chunks = [];
    private readonly int _chunkShift;
    private readonly int _indexMask;

    /// <param name="pixelCount">Bytes per image.</param>
    public PixelStore(int pixelCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixelCount, 1);
        PixelCount = pixelCount;
        while (_chunkShift < 20 && ((long)pixelCount << (_chunkShift + 1)) <= ChunkBytes)
        {
            _chunkShift++;
        }

        _indexMask = (1 << _chunkShift) - 1;
    }

    public int PixelCount { get; }

    /// <summary>Whole images held.</summary>
    public int Count { get; private set; }

    public ReadOnlyMemory<byte> this[int index] => Memory(index);

    /// <summary>Makes room for more images and leaves them to be filled through <see cref="Writable"/>.</summary>
    public void Extend(int images)
    {
        for (int end = checked(Count + images); Count < end;)
        {
            int inChunk = Count & _indexMask;
            int taken = Math.Min(end - Count, _indexMask + 1 - inChunk);
            Reserve((inChunk + taken) * PixelCount);
            Count += taken;
        }
    }

    /// <summary>The pixels of one image, to be filled.</summary>
    public Span<byte> Writable(int index) => Memory(index).Span;

    /// <summary>Appends up to <paramref name="images"/> images from a stream, taking memory only as bytes arrive.</summary>
    /// <returns>The bytes read; fewer than asked for where the stream ends. An image that is cut short is not held.</returns>
    public long Append(Stream stream, int images)
    {
        long total = 0;
        for (int left = images; left > 0;)
        {
            int inChunk = Count & _indexMask;
            int wanted = Math.Min(left, _indexMask + 1 - inChunk);
            int read = Fill(stream, inChunk * PixelCount, wanted * PixelCount);
            total += read;
            Count += read / PixelCount;
            if (read < wanted * PixelCount)
            {
                break;
            }

            left -= wanted;
        }

        return total;
    }

    private int Fill(Stream stream, int start, int length)
    {
        const int FirstReservation = 1 << 16;
        int filled = 0;
        while (filled < length)
        {
            int room = Math.Min(length, Math.Max(FirstReservation, 2 * filled));
            byte[] chunk = Reserve(start + room);
            int read = stream.ReadAtLeast(chunk.AsSpan(start + filled, room - filled), room - filled, throwOnEndOfStream: false);
            filled += read;
            if (filled < room)
            {
                break;
            }
        }

        return filled;
    }

    /// <summary>The chunk of the next image, with at least so many bytes.</summary>
    private byte[] Reserve(int bytes)
    {
        if (_chunks.Count == Count >> _chunkShift)
        {
            _chunks.Add(GC.AllocateUninitializedArray<byte>(bytes));
        }
        else if (_chunks[^1].Length < bytes)
        {
            // Doubling keeps the copying linear where images come one at a time.
            long doubled = Math.Min(2L * _chunks[^1].Length, (_indexMask + 1L) * PixelCount);
            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Max(bytes, doubled));
            _chunks[^1].CopyTo(larger, 0);
            _chunks[^1] = larger;
        }

        return _chunks[^1];
    }

    private Memory<byte> Memory(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _chunks[index >> _chunkShift].AsMemory((index & _indexMask) * PixelCount, PixelCount);
    }
}
