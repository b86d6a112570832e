namespace Vae.Core.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))];
    private static readonly byte[] Images = Bytes.Idx([4, 2, 3], Pixels);
    private static readonly byte[] Labels = Bytes.Idx([4], [3, 0, 9, 3]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_are_read_plain_or_compressed(bool compressed)
    {
        string images = _folder.Write("images", compressed ? Bytes.Gzip(Images) : Images);
        string labels = _folder.Write("labels", compressed ? Bytes.Gzip(Labels) : Labels);
        ImageSet set = IdxReader.ReadImages("set", images, labels, 10);
        Assert.Equal((4, new ImageShape(1, 2, 3)), (set.Count, set.Shape));
        Assert.Equal(Pixels[12..18], set.Image(2).ToArray());
        Assert.Equal([3, 0, 9, 3], set.Labels!);
    }

    [Fact]
    public void Four_dimensions_are_images_of_several_channels()
    {
        ImageSet set = IdxReader.ReadImages("set", _folder.Write("images", Bytes.Idx([2, 3, 2, 2], Pixels)));
        Assert.Equal((2, new ImageShape(3, 2, 2)), (set.Count, set.Shape));
        Assert.Null(set.Labels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_truncated_anywhere_or_too_long_is_refused_with_the_place(bool compressed)
    {
        for (int length = 0; length < Images.Length; length++)
        {
            RefusedImages(compressed ? Bytes.Gzip(Images[..length]) : Images[..length]);
        }

        RefusedImages(compressed ? Bytes.Gzip([.. Images, 0]) : [.. Images, 0]);
    }

    [Fact]
    public void A_plain_file_of_wrong_length_tells_both_lengths() =>
        Assert.Contains("39 bytes long where the header announces 4x2x3, 40 bytes", RefusedImages(Images[..39]), StringComparison.Ordinal);

    [Fact]
    public void A_compressed_file_whose_content_ends_early_tells_the_place() =>
        Assert.Contains("at byte 39: the file ends", RefusedImages(Bytes.Gzip(Images[..39])), StringComparison.Ordinal);

    [Fact]
    public void Files_that_are_no_images_are_refused_with_the_reason()
    {
        (byte[] File, string Reason)[] cases =
        [
            ("<html><body>"u8.ToArray(), "0x3c68746d is not the magic number"),
            ([0, 0, 0x0A, 3, 0, 0], "is not the magic number"),
            (Labels, "1 dimensions where 3 or 4 are expected"),
            (Bytes.Idx([4, 6], Pixels), "2 dimensions where 3 or 4 are expected"),
            (Bytes.Idx([1, 2, 3], Pixels, type: 0x0D), "elements of type 32-bit floating point (0x0d)"),
            (Bytes.Idx([0, 2, 3], []), "at byte 4: dimension 0 is 0"),
            (Bytes.Idx([4, -2, 3], Pixels), "at byte 8: dimension 1 is 4294967294"),
            (Bytes.Idx([int.MaxValue, int.MaxValue, int.MaxValue], Pixels), "the largest that are read"),
        ];
        foreach ((byte[]? file, string? reason) in cases)
        {
            Assert.Contains(reason, RefusedImages(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Announced_sizes_take_no_memory_before_the_bytes_arrive()
    {
        byte[] boast = Bytes.Gzip(Bytes.Idx([int.MaxValue, 8000, 8000], Pixels));
        long before = GC.GetAllocatedBytesForCurrentThread();
        RefusedImages(boast);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void No_more_is_decompressed_than_the_header_announces()
    {
        byte[] bomb = Bytes.Gzip(Bytes.Idx([4, 2, 3], new byte[40 << 20]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more bytes follow", RefusedImages(bomb), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        string images = _folder.Write("images", Images);
        (byte[] File, string Reason)[] cases =
        [
            (Images, "3 dimensions where 1 are expected; is this really the file of labels?"),
            (Bytes.Idx([3], [1, 2, 3]), "3 labels for the 4 images of"),
            (Bytes.Idx([4], [1, 2, 10, 3]), "at byte 10: label 10 of image 2 where 0 to 9 is expected"),
            (Labels[..10], "10 bytes long"),
        ];
        foreach ((byte[]? file, string? reason) in cases)
        {
            string labels = _folder.Write("labels", file);
            VaeException exception = Assert.Throws<VaeException>(() => IdxReader.ReadImages("set", images, labels, 10));
            Assert.Equal(FailureKind.BadData, exception.Kind);
            Assert.StartsWith(labels + ": ", exception.Message, StringComparison.Ordinal);
            Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        }
    }

    private string RefusedImages(byte[] file)
    {
        string path = _folder.Write("images", file);
        VaeException exception = Assert.Throws<VaeException>(() => IdxReader.ReadImages("set", path));
        Assert.Equal(FailureKind.BadData, exception.Kind);
        Assert.StartsWith(path + ": ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception.Message;
    }
}
