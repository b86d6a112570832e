namespace Vae.Core.Data;

/// <summary>
/// Images [N, C, H, W] of uint8 pixels held once in memory, with labels and generating factors where they are known. Slices and selections
/// are views on the same pixels. More than 2 GB of pixels can be held.
/// </summary>
public sealed class ImageSet
{
    /// <summary>Copies <paramref name="pixels"/> [N, C, H, W].</summary>
    public ImageSet(
        string name,
        ImageShape shape,
        ReadOnlySpan<byte> pixels,
        int[]? labels = null,
        int? labelCount = null,
        FactorTable? factors = null) => throw new NotImplementedException();

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
    public ReadOnlySpan<byte> Image(int index) => throw new NotImplementedException();

    /// <summary>The pixels of one image [C, H, W]; O(1), no copy.</summary>
    public ReadOnlyMemory<byte> ImageMemory(int index) => throw new NotImplementedException();

    /// <summary>Copies the pixels of consecutive images to <paramref name="destination"/> [count, C, H, W].</summary>
    public void CopyTo(int start, int count, Span<byte> destination) => throw new NotImplementedException();

    /// <summary>The index an image has in the part its publisher gave, whatever view it is seen through: the key of its random draws.</summary>
    public int PublishedIndex(int index) => throw new NotImplementedException();

    /// <summary>A view on consecutive images.</summary>
    public ImageSet Slice(int start, int count) => throw new NotImplementedException();

    /// <summary>A view on the given images, in their order.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices) => throw new NotImplementedException();

    /// <summary>The mean of each pixel over all images, in [0, 1] [P].</summary>
    public float[] MeanPixel() => throw new NotImplementedException();
}
