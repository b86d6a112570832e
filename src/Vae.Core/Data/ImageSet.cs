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
internal sealed class ImageSet
{
    private readonly PixelStore _pixels;
    private readonly int[] _places;     // of each image in the pixels
    private readonly int[]? _published; // of each place, where only some of the published images are held

    internal ImageSet(
        string name,
        ImageShape shape,
        PixelStore pixels,
        IReadOnlyList<int>? labels = null,
        FactorTable? factors = null,
        int[]? published = null)
    {
        Check(published?.Length, "published indices");
        Check(labels?.Count, "labels");
        Check(factors?.Count, "rows of factors");
        Name = name;
        Shape = shape;
        Labels = labels;
        Factors = factors;
        _pixels = pixels;
        _places = BatchOrder.Sequential(pixels.Count);
        _published = published;

        void Check(int? count, string what)
        {
            if (count is { } given && given != pixels.Count)
            {
                throw new ArgumentException($"{given} {what} for {pixels.Count} images", nameof(pixels));
            }
        }
    }

    private ImageSet(ImageSet whole, ReadOnlySpan<int> indices)
    {
        int[] rows = indices.ToArray();
        Name = whole.Name;
        Shape = whole.Shape;
        _pixels = whole._pixels;
        _places = Array.ConvertAll(rows, whole.Place);
        _published = whole._published;
        Labels = whole.Labels is { } labels ? Array.ConvertAll(rows, row => labels[row]) : null;
        Factors = whole.Factors?.Select(rows);
    }

    /// <summary>What the set is called in messages, mnist/train for example.</summary>
    public string Name { get; }

    public ImageShape Shape { get; }

    public int Count => _places.Length;

    /// <summary>The class of each image [N], or null where there are no labels.</summary>
    public IReadOnlyList<int>? Labels { get; }

    /// <summary>The generating factors [N, F], or null where they are not known.</summary>
    internal FactorTable? Factors { get; }

    /// <summary>The pixels of one image [C, H, W]; O(1), no copy.</summary>
    public ReadOnlySpan<byte> Image(int index) => _pixels[Place(index)].Span;

    /// <summary>The index an image has in the part its publisher gave, whatever view it is seen through: the key of its draws.</summary>
    public int PublishedIndex(int index) => _published is null ? Place(index) : _published[Place(index)];

    /// <summary>A view on consecutive images.</summary>
    public ImageSet Slice(int start, int count) => start >= 0 && count >= 0 && start <= Count - count
        ? new ImageSet(this, [.. Enumerable.Range(start, count)])
        : throw new ArgumentOutOfRangeException(nameof(start), $"images {start} to {start + (long)count} of {Count}");

    /// <summary>A view on the first images; on all where there are no more, or where it is not said how many.</summary>
    public ImageSet First(int? count) => count < Count ? Slice(0, count.Value) : this;

    /// <summary>A view on the given images, in their order.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices) => new(this, indices);

    /// <summary>Labels [B, 1] and factors [B, F] of the given images, as tensors on a device; null where neither is known.</summary>
    internal Condition? ConditionOf(int[] indices, Device device)
    {
        if (Labels is null && Factors is null)
        {
            return null;
        }

        long[] Categories() => Labels is { } labels ? Array.ConvertAll(indices, index => (long)labels[index]) : [];
        float[] Values() => Factors is { } factors ? [.. indices.SelectMany(index => factors.Row(index).ToArray())] : [];
        return new Condition(
            () => tensor(Categories(), [indices.Length, Labels is null ? 0 : 1]).to(device),
            () => tensor(Values(), [indices.Length, Factors?.Names.Count ?? 0]).to(device));
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
        return _places[index];
    }
}

/// <summary>The known generating factors of a set of images: names and values [N, F].</summary>
/// <param name="names">The factors.</param>
/// <param name="values">Taken over, row by row: one row an image, one column a factor.</param>
internal sealed class FactorTable(IReadOnlyList<string> names, float[] values)
{
    public IReadOnlyList<string> Names { get; } = names.Count > 0 && values.Length % names.Count == 0
        ? names
        : throw new ArgumentException($"{values.Length} values do not make rows of {names.Count} factors", nameof(values));

    public int Count => values.Length / Names.Count;

    public ReadOnlySpan<float> Row(int index) => values.AsSpan(checked(index * Names.Count), Names.Count);

    public FactorTable Select(int[] indices) => new(Names, [.. indices.SelectMany(index => Row(index).ToArray())]);
}
