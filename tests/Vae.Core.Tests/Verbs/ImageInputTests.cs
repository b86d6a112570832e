namespace Vae.Core.Tests.Verbs;

public sealed class ImageInputTests : IDisposable
{
    private static readonly ImageShape Grey = new(1, 2, 3);
    private static readonly ImageShape Colour = new(3, 2, 3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Chunks_are_the_whole_in_order_and_an_image_is_known_by_its_place_in_the_file(int size)
    {
        byte[] pixels = Bytes.Noise(7 * 6);
        File.WriteAllBytes(_folder["images.idx"], Bytes.Idx([7, 2, 3], pixels));
        ImageSet[] chunks = [.. ImageInput.Read(_folder["images.idx"], Grey, size)];
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(size, chunk.Count));
        Assert.Equal(pixels, chunks.SelectMany(chunk => Enumerable.Range(0, chunk.Count).SelectMany(i => chunk.Image(i).ToArray())));
        Assert.Equal(Enumerable.Range(0, 7), chunks.SelectMany(chunk => Enumerable.Range(0, chunk.Count).Select(chunk.PublishedIndex)));
        ImageSet all = ImageInput.ReadAll(_folder["images.idx"], Grey);
        Assert.Equal(7, all.Count);
        Assert.Equal(6, all.PublishedIndex(6));
    }

    [Fact]
    public void What_a_file_is_its_content_says_not_its_name()
    {
        using (FileStream file = File.Create(_folder["images.png"]))
        {
            NpyWriter.Write<byte>(file, Bytes.Noise(12), 2, 1, 2, 3);
        }

        Assert.Equal(2, ImageInput.ReadAll(_folder["images.png"], Grey).Count);
    }

    [Fact]
    public void Colours_of_a_picture_become_planes()
    {
        byte[] pixels = Bytes.Noise(18);
        File.WriteAllBytes(_folder["a.png"], PngWriter.Encode(new RasterImage(3, 2, 3, pixels)));
        byte[] planes = ImageInput.ReadAll(_folder["a.png"], Colour).Image(0).ToArray();
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, 6).Select(i => pixels[(i * 3) + channel])), planes);
    }

    [Fact]
    public void A_grey_picture_serves_a_model_of_colours()
    {
        byte[] pixels = Bytes.Noise(6);
        File.WriteAllBytes(_folder["a.png"], PngWriter.Encode(new RasterImage(3, 2, 1, pixels)));
        Assert.Equal([.. pixels, .. pixels, .. pixels], ImageInput.ReadAll(_folder["a.png"], Colour).Image(0).ToArray());
    }

    [Fact]
    public void Pictures_of_a_folder_come_in_the_order_of_their_names()
    {
        foreach ((string name, byte value) in new (string, byte)[] { ("b.png", 2), ("a.PNG", 1), ("c.png", 3), (".hidden.png", 9) })
        {
            byte[] pixels = [.. Enumerable.Repeat(value, 6)];
            File.WriteAllBytes(_folder[name], PngWriter.Encode(new RasterImage(3, 2, 1, pixels)));
        }

        ImageSet images = ImageInput.ReadAll(_folder.Path, Grey);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, images.Count).Select(i => (int)images.Image(i)[0]));
    }

    [Fact]
    public void The_end_of_a_file_is_verified_also_when_it_is_read_in_chunks()
    {
        byte[] whole = Bytes.Idx([7, 2, 3], Bytes.Noise(7 * 6));
        byte[][] broken = [Bytes.Gzip(whole[..^1]), Bytes.Gzip([.. whole, 0]), [.. Bytes.Gzip(whole), 7], Bytes.Gzip(whole)[..^1]];
        foreach (byte[] wrong in broken)
        {
            File.WriteAllBytes(_folder["wrong.gz"], wrong);
            VaeException refused = Assert.Throws<VaeException>(() => ImageInput.Read(_folder["wrong.gz"], Grey, 2).Count());
            Assert.Equal(FailureKind.BadData, refused.Kind);
            Assert.StartsWith(_folder["wrong.gz"], refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sizes_that_nobody_can_hold_are_refused_before_memory_is_taken()
    {
        long[][] shapes = [[1, 1L << 40, 1L << 40], [1, long.MaxValue, 2], [long.MaxValue, 2, 3], [1, 0, 3], [1L << 32, 2, 3]];
        foreach (long[] shape in shapes)
        {
            using (FileStream file = File.Create(_folder["huge.npy"]))
            {
                file.Write(NpyFormat.CreateHeader(NpyType.UInt8, shape));
            }

            VaeException refused = Assert.Throws<VaeException>(() => ImageInput.ReadAll(_folder["huge.npy"], Grey));
            Assert.Equal(FailureKind.BadData, refused.Kind);
            Assert.Contains("are announced", refused.Message, StringComparison.Ordinal);
        }
    }
}
