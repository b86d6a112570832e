namespace Vae.Core.Tests.Data;

public sealed class GzipFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(1_000_000)]
    public void Content_is_given_back_plain_or_compressed(int length)
    {
        byte[] content = Bytes.Noise(length);
        Assert.Equal(content, Read(content));
        Assert.Equal(content, Read(Bytes.Gzip(content)));
        Assert.Equal(new byte[length], Read(Bytes.Gzip(new byte[length])));
    }

    [Fact]
    public void Several_members_are_read_one_after_another()
    {
        byte[] first = Bytes.Noise(20_000), empty = [], last = new byte[70_000];
        Assert.Equal([.. first, .. empty, .. last], Read([.. Bytes.Gzip(first), .. Bytes.Gzip(empty), .. Bytes.Gzip(last)]));
        Assert.Equal(first, Read([.. Bytes.Gzip(first), .. Bytes.Gzip(empty), .. Bytes.Gzip(empty)]));
    }

    [Fact]
    public void Optional_header_fields_are_skipped()
    {
        Assert.Equal([1, 2, 3], Read(Bytes.WithGzipHeaderFields(Bytes.Gzip([1, 2, 3]))));
    }

    [Fact]
    public void A_file_truncated_anywhere_is_refused()
    {
        byte[] whole = Bytes.Gzip(Bytes.Noise(100));
        for (int length = 2; length < whole.Length; length++)
        {
            string message = Refused(whole[..length]);
            Assert.Contains("get the file again", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_large_file_truncated_near_its_end_is_refused()
    {
        byte[] whole = Bytes.Gzip(Bytes.Noise(200_000));
        foreach (int missing in new[] { 1, 4, 8, 9, 8192, 100_000 })
        {
            Refused(whole[..^missing]);
        }
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        byte[] whole = Bytes.Gzip([.. Enumerable.Range(0, 300).Select(i => (byte)(i * i % 61))]);
        for (int i = 10; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x10;
            Refused(changed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Bytes_after_the_end_are_refused_with_their_place(int count)
    {
        byte[] whole = Bytes.Gzip(Bytes.Noise(300));
        string message = Refused([.. whole, .. Enumerable.Repeat((byte)7, count)]);
        Assert.Contains($"{count} bytes follow the end of the gzip data at byte {whole.Length}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_after_the_last_of_several_members_is_told()
    {
        byte[] whole = [.. Bytes.Gzip(Bytes.Noise(100)), .. Bytes.Gzip([1]), .. Bytes.Gzip(Bytes.Noise(50))];
        Assert.Contains(
            $"2 bytes follow the end of the gzip data at byte {whole.Length}", Refused([.. whole, 7, 7]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Zeros_after_the_end_are_passed_over_as_gzip_and_Python_do(int count)
    {
        byte[] content = Bytes.Noise(300);
        byte[] padded = [.. Bytes.Gzip(content), .. new byte[count]];
        Assert.Equal(content, Read(padded));
        Assert.Contains($"{count + 1} bytes follow the end", Refused([.. padded, 7]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_missing_input_and_so_is_a_folder()
    {
        foreach (string path in new[] { _folder["missing.gz"], _folder[Path.Combine("no", "file")], _folder.Path })
        {
            VaeException exception = Assert.Throws<VaeException>(() => InputFile.OpenRead(path).Dispose());
            Assert.Equal(FailureKind.MissingInput, exception.Kind);
            Assert.StartsWith(path + ": ", exception.Message, StringComparison.Ordinal);
        }
    }

    private byte[] Read(byte[] file)
    {
        using Stream stream = InputFile.OpenRead(_folder.Write("file", file));
        using MemoryStream content = new MemoryStream();
        stream.CopyTo(content, 1000);
        Assert.Equal(-1, stream.ReadByte());
        return content.ToArray();
    }

    private string Refused(byte[] file)
    {
        VaeException exception = Assert.Throws<VaeException>(() => Read(file));
        Assert.Equal(FailureKind.BadData, exception.Kind);
        Assert.StartsWith(_folder["file"] + ": ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception.Message;
    }
}
