namespace Vae.Core.Data;

/// <summary>The shape of one image, or of features laid out like one, stored channels first as [C, H, W].</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values per image: channels × height × width.</summary>
    public int PixelCount => checked(Channels * Height * Width);

    internal long[] ToArray() => [Channels, Height, Width];

    /// <summary>The shape as C×H×W.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}

/// <summary>
/// Images [N, C, H, W] of uint8 pixels held once in memory, with labels and generating factors where they are known. Slices and selections
/// are views on the same pixels. More than 2 GB of pixels can be held.
/// </summary>
public sealed class ImageSet
{
    private readonly PixelStore _pixels;
    private readonly int[]? _labels;      // of all published images, like the factors
    private readonly FactorTable? _factors;
    private readonly int _start;          // of a contiguous view
    private readonly int[]? _selection;   // of any other view: places in the pixels
    private readonly int[]? _published;   // of all pixels, where only some of the published images are held

    /// <summary>Copies <paramref name="pixels"/> [N, C, H, W].</summary>
    public ImageSet(
        string name,
        ImageShape shape,
        ReadOnlySpan<byte> pixels,
        int[]? labels = null,
        int? labelCount = null,
        FactorTable? factors = null)
        : this(name, shape, Copy(shape, pixels), labels, labelCount, factors)
    {
    }

    internal ImageSet(
        string name,
        ImageShape shape,
        PixelStore pixels,
        int[]? labels = null,
        int? labelCount = null,
        FactorTable? factors = null,
        int[]? published = null)
    {
        if (published is not null && published.Length != pixels.Count)
        {
            throw new ArgumentException($"{published.Length} published indices for {pixels.Count} images", nameof(published));
        }

        if (labels is not null && labels.Length != pixels.Count)
        {
            throw new ArgumentException($"{labels.Length} labels for {pixels.Count} images", nameof(labels));
        }

        if (factors is not null && factors.Count != pixels.Count)
        {
            throw new ArgumentException($"{factors.Count} rows of factors for {pixels.Count} images", nameof(factors));
        }

        Name = name;
        Shape = shape;
        Count = pixels.Count;
        _pixels = pixels;
        _labels = labels;
        _factors = factors;
        _published = published;
        Labels = labels;
        LabelCount = labels is null ? null : labelCount ?? (labels.Length == 0 ? 0 : labels.Max() + 1);
        Factors = factors;
    }

    private ImageSet(ImageSet whole, int start, int count, int[]? selection)
    {
        Name = whole.Name;
        Shape = whole.Shape;
        Count = count;
        LabelCount = whole.LabelCount;
        _pixels = whole._pixels;
        _labels = whole._labels;
        _factors = whole._factors;
        _published = whole._published;
        _start = start;
        _selection = selection;
        int[] places = selection ?? [.. Enumerable.Range(start, count)];
        Labels = _labels is null ? null : Array.ConvertAll(places, i => _labels[i]);
        Factors = _factors?.Select(places);
    }

    /// <summary>What the set is called in messages, mnist/train for example.</summary>
    public string Name { get; }

    /// <summary>The shape of each image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The number of images N.</summary>
    public int Count { get; }

    /// <summary>The class of each image [N], or null where there are no labels.</summary>
    public IReadOnlyList<int>? Labels { get; }

    /// <summary>The number of classes, or null where there are no labels.</summary>
    public int? LabelCount { get; }

    /// <summary>The generating factors [N, F], or null where they are not known.</summary>
    public FactorTable? Factors { get; }

    /// <summary>The pixels of one image [C, H, W]; O(1), no copy.</summary>
    public ReadOnlySpan<byte> Image(int index) => _pixels[Place(index)].Span;

    /// <summary>
    /// The index an image has in the part its publisher gave, whatever view it is seen through: the key of its random draws.
    /// </summary>
    public int PublishedIndex(int index)
    {
        int place = Place(index);
        return _published is null ? place : _published[place];
    }

    /// <summary>A view on consecutive images.</summary>
    public ImageSet Slice(int start, int count)
    {
        CheckRange(start, count);
        return _selection is null
            ? new ImageSet(this, _start + start, count, null)
            : new ImageSet(this, 0, count, _selection[start..(start + count)]);
    }

    /// <summary>A view on the first images; on all where there are no more, or where it is not said how many.</summary>
    public ImageSet First(int? count) => count < Count ? Slice(0, count.Value) : this;

    /// <summary>A view on the given images, in their order.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        int[] places = new int[indices.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = Place(indices[i]);
        }

        return new ImageSet(this, 0, places.Length, places);
    }

    /// <summary>The labels [B, 1] and the factors [B, F] of the given images as tensors on a device; null where neither is known.</summary>
    internal Condition? ConditionOf(ReadOnlySpan<int> indices, Device device)
    {
        if (Labels is null && Factors is null)
        {
            return null;
        }

        int[] rows = indices.ToArray();
        long[] labels = Labels is { } known ? Array.ConvertAll(rows, row => (long)known[row]) : [];
        float[] factors = Factors is { } table ? [.. rows.SelectMany(row => table.Row(row).ToArray())] : [];
        return new Condition(
            tensor(labels, [rows.Length, Labels is null ? 0 : 1]).to(device),
            tensor(factors, [rows.Length, Factors?.Names.Count ?? 0]).to(device));
    }

    /// <summary>The mean of each pixel over all images, in [0, 1] [P].</summary>
    public float[] MeanPixel()
    {
        long[] sums = new long[Shape.PixelCount];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> image = Image(i);
            for (int p = 0; p < sums.Length; p++)
            {
                sums[p] += image[p];
            }
        }

        return Array.ConvertAll(sums, sum => Count == 0 ? 0f : (float)(sum / (255.0 * Count)));
    }

    private int Place(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _selection is null ? _start + index : _selection[index];
    }

    private void CheckRange(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"images {start} to {start + (long)count} of {Count}");
        }
    }

    private static PixelStore Copy(ImageShape shape, ReadOnlySpan<byte> pixels)
    {
        int length = shape.PixelCount;
        if (pixels.Length % length != 0)
        {
            throw new ArgumentException($"{pixels.Length} bytes do not make images of {length} pixels", nameof(pixels));
        }

        PixelStore store = new PixelStore(length);
        store.Extend(pixels.Length / length);
        for (int i = 0; i < store.Count; i++)
        {
            pixels.Slice(i * length, length).CopyTo(store.Writable(i));
        }

        return store;
    }
}
