namespace Vae.Core.Tests.Data;

public class ImageSetTests
{
    private static readonly ImageShape Shape = new(2, 3, 1);

    [Fact]
    public void Images_labels_and_factors_are_found_by_index()
    {
        ImageSet images = Create(5);
        Assert.Equal(5, images.Count);
        Assert.Equal([18, 19, 20, 21, 22, 23], images.Image(3).ToArray());
        Assert.Equal([0, 1, 2, 0, 1], images.Labels!);
        Assert.Equal([3f, -3f], images.Factors!.Row(3).ToArray());
        Assert.Equal([0f, -1f, -2f, -3f, -4f], Column(images.Factors, 1));
    }

    [Fact]
    public void Views_share_pixels_and_keep_the_published_index()
    {
        ImageSet images = Create(10);
        ImageSet view = images.Slice(2, 6).Select([5, 0, 3]).Slice(1, 2);
        Assert.Equal([2, 5], Indices(view));
        Assert.Equal([2, 2], view.Labels!);
        Assert.Equal([2f, 5f], Column(view.Factors!, 0));
        Assert.True(view.Image(1) == images.Image(5), "the same memory");
        Assert.Equal([4, 5], Indices(images.Slice(1, 8).Slice(3, 2)));
        Assert.Equal([5, 3, 4], Indices(images.Select([5, 3, 4])));
    }

    [Fact]
    public void Ranges_are_checked()
    {
        ImageSet view = Create(10).Slice(2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Image(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Image(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Slice(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Slice(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Select([0, 3]));
        Assert.Throws<ArgumentException>(() => ImageSets.Of(Shape, new byte[12], labels: [1]));
    }

    [Fact]
    public void The_mean_pixel_is_exact_and_counts_the_view_only()
    {
        ImageSet images = ImageSets.Of(new ImageShape(1, 1, 2), [255, 0, 0, 255, 255, 255]);
        Assert.Equal([2f / 3, 2f / 3], images.MeanPixel());
        Assert.Equal([0.5f, 0.5f], images.Slice(0, 2).MeanPixel());
        Assert.Equal([0f, 0f], images.Slice(0, 0).MeanPixel());
    }

    [Fact]
    public void Images_larger_than_a_chunk_and_many_chunks_are_held()
    {
        PixelStore large = new PixelStore(20_000_000);
        large.Extend(2);
        large.Writable(1)[19_999_999] = 7;
        Assert.Equal(7, large[1].Span[^1]);

        PixelStore many = new PixelStore(1 << 20);
        for (int i = 0; i < 40; i++)
        {
            many.Extend(1);
            many.Writable(i)[0] = (byte)i;
        }

        Assert.Equal(Enumerable.Range(0, 40), Enumerable.Range(0, 40).Select(i => (int)many[i].Span[0]));
    }

    [Fact]
    public void A_store_filled_from_a_stream_holds_whole_images_and_tells_the_bytes_read()
    {
        byte[] bytes = [.. Enumerable.Range(0, 1_000_003).Select(i => (byte)(i * 7 / 3))];
        PixelStore store = new PixelStore(1000);
        Assert.Equal(5000, store.Append(new MemoryStream(bytes), 5));
        MemoryStream second = new MemoryStream(bytes);
        Assert.Equal(1_000_003, store.Append(second, int.MaxValue - 5));
        Assert.Equal(1005, store.Count);
        Assert.Equal(bytes[999_000..1_000_000], store[1004].ToArray());
        Assert.Equal(bytes[4000..5000], store[4].ToArray());
    }

    [Fact]
    public void Splitting_takes_the_last_images_for_validation()
    {
        DataSplits splits = DataSplits.Divide(Create(10), Create(3), 4);
        Assert.Equal([0, 1, 2, 3, 4, 5], Indices(splits.Train));
        Assert.Equal([6, 7, 8, 9], Indices(splits.Of(Split.Validation)));
        Assert.Equal(3, splits.Of(Split.Test).Count);
        Assert.Equal(0, DataSplits.Divide(Create(10), Create(3), 0).Validation.Count);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(-1)]
    public void Setting_aside_too_many_images_is_refused(int validation)
    {
        VaeException exception = Assert.Throws<VaeException>(() => DataSplits.Divide(Create(10), Create(3), validation));
        Assert.Equal(FailureKind.BadData, exception.Kind);
        Assert.Contains("data.validation", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_may_be_known_by_other_numbers_than_their_places_through_every_view()
    {
        PixelStore pixels = new PixelStore(6);
        pixels.Extend(4);
        for (int i = 0; i < 4; i++)
        {
            pixels.Writable(i).Fill((byte)i);
        }

        ImageSet images = new ImageSet("set", Shape, pixels, published: [40, 10, 30, 20]);
        Assert.Equal([40, 10, 30, 20], Enumerable.Range(0, 4).Select(images.PublishedIndex));
        ImageSet view = images.Slice(1, 3).Select([2, 0]);
        Assert.Equal([20, 10], Enumerable.Range(0, 2).Select(view.PublishedIndex));
        Assert.Equal([3, 1], Enumerable.Range(0, 2).Select(i => (int)view.Image(i)[0]));
        Assert.Throws<ArgumentException>(() => new ImageSet("set", Shape, pixels, published: [1]));
    }

    private static float[] Column(FactorTable factors, int column) =>
        [.. Enumerable.Range(0, factors.Count).Select(row => factors.Row(row)[column])];

    private static IEnumerable<int> Indices(ImageSet view)
    {
        foreach (int i in Enumerable.Range(0, view.Count))
        {
            Assert.Equal(6 * view.PublishedIndex(i), view.Image(i)[0]);
            yield return view.PublishedIndex(i);
        }
    }

    private static ImageSet Create(int count) => ImageSets.Of(
        Shape,
        [.. Enumerable.Range(0, 6 * count).Select(i => (byte)i)],
        [.. Enumerable.Range(0, count).Select(i => i % 3)],
        factors: new FactorTable(["plus", "minus"], [.. Enumerable.Range(0, 2 * count).Select(i => i % 2 == 0 ? i / 2f : -(i / 2))]));
}
