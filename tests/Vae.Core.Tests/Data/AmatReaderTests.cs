using System.Text;

namespace Vae.Core.Tests.Data;

public sealed class AmatReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0 1 1\n1 0 0\n")]
    [InlineData("0 1 1 \r\n1 0 0\r\n")]
    [InlineData("0 1 1\n1\t0  0")]
    [InlineData("0 1 1\n1 0 0\n\n")]
    public void Lines_of_zeros_and_ones_are_images(string text)
    {
        foreach (bool compressed in new[] { false, true })
        {
            ImageSet set = Read(text, compressed);
            Assert.Equal(2, set.Count);
            Assert.Equal([0, 255, 255], set.Image(0).ToArray());
            Assert.Equal([255, 0, 0], set.Image(1).ToArray());
        }
    }

    [Fact]
    public void Lines_may_lie_across_buffers_and_chunks()
    {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 30_000; i++)
        {
            text.Append(i & 1).Append(' ').Append((i >> 1) & 1).Append(' ').Append((i >> 2) & 1).Append('\n');
        }

        ImageSet set = Read(text.ToString(), compressed: true);
        Assert.Equal(30_000, set.Count);
        Assert.Equal([255, 0, 255], set.Image(29_997).ToArray());
    }

    [Theory]
    [InlineData("0 1 1\n1 0\n", "line 2: 2 values where 3 are expected")]
    [InlineData("0 1 1\n1 0", "line 2: 2 values where 3 are expected")]
    [InlineData("0 1 1 0\n", "line 1: more than the 3 values")]
    [InlineData("0 1 1\n1 2 0\n", "line 2, after value 1: '2' where 0 or 1 is expected")]
    [InlineData("0 1.0 1\n", "line 1, after value 2: '.' where 0 or 1 is expected")]
    [InlineData("0 11\n", "line 1, after value 2: '1' follows without a blank")]
    [InlineData("0 1 1\n\n0 1 1\n", "line 2: empty")]
    [InlineData("0 \0 1\n", "byte 0x00")]
    [InlineData("<html>", "'<' where 0 or 1 is expected")]
    [InlineData("", "holds no images")]
    [InlineData("\n\n", "holds no images")]
    public void Other_text_is_refused_with_line_and_value(string text, string reason)
    {
        VaeException exception = Assert.Throws<VaeException>(() => Read(text, compressed: false));
        Assert.Equal(FailureKind.BadData, exception.Kind);
        Assert.StartsWith(_folder["file.amat"] + ": ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private ImageSet Read(string text, bool compressed)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        return AmatReader.Read("set", _folder.Write("file.amat", compressed ? Bytes.Gzip(bytes) : bytes), new ImageShape(1, 1, 3));
    }
}
