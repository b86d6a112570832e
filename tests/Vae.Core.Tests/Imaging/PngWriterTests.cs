using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Vae.Core.Tests.Imaging;

public class PngWriterTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(7, 1, 1)]
    [InlineData(1, 7, 3)]
    [InlineData(13, 5, 3)]
    [InlineData(257, 3, 1)]
    [InlineData(64, 65, 3)]
    [InlineData(PictureReader.MaximumSide, 1, 1)]
    public void What_is_written_is_read_back(int width, int height, int channels)
    {
        RasterImage noise = Noise(width, height, channels);
        RasterImage smooth = Smooth(width, height, channels);
        foreach (RasterImage image in new[] { noise, smooth })
        {
            RasterImage read = PictureReader.Decode(PngWriter.Encode(image), "picture");
            Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
            Assert.Equal(image.Pixels, read.Pixels);
        }
    }

    [Fact]
    public void A_file_has_signature_header_data_and_end_and_nothing_else()
    {
        byte[] file = PngWriter.Encode(Noise(20, 10, 3));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        Assert.Equal(PngFile.Header(20, 10, 8, 2), file[8..PngFile.HeaderLength]);
        Assert.Equal(PngFile.Header(20, 10, 8, 0), PngWriter.Encode(Noise(20, 10, 1))[8..PngFile.HeaderLength]);
        // sBIT tells that all 8 bits of a sample count.
        Assert.Equal(["IHDR", "sBIT", "IDAT", "IEND"], Chunks(file).Select(chunk => chunk.Type).Distinct());
        // The reference values of a public example: IEND is always these bytes.
        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], file[^12..]);
        Assert.Equal(file, PngFile.WithChecksums(file));
    }

    [Fact]
    public void Filters_are_chosen_row_by_row_and_pay_off()
    {
        RasterImage smooth = Smooth(200, 150, 3);
        byte[] data = [.. Chunks(PngWriter.Encode(smooth)).Where(chunk => chunk.Type == "IDAT").SelectMany(chunk => chunk.Data)];
        using ZLibStream zlib = new(new MemoryStream(data), CompressionMode.Decompress);
        MemoryStream rows = new();
        zlib.CopyTo(rows);
        int rowLength = 1 + (200 * 3);
        Assert.Equal(150 * rowLength, rows.Length);
        Assert.Contains(rows.ToArray().Chunk(rowLength), row => row[0] != 0);

        int unfiltered = PngFile.FromSamples(200, 150, 8, 2, [.. smooth.Pixels.Select(value => (int)value)]).Length;
        Assert.True(data.Length < unfiltered / 2, $"{data.Length} bytes against {unfiltered} without filters");
    }

    [Fact]
    public void The_same_picture_gives_the_same_bytes_and_the_stream_stays_open()
    {
        RasterImage image = Smooth(30, 20, 1);
        using MemoryStream stream = new();
        PngWriter.Write(stream, image);
        Assert.True(stream.CanWrite);
        Assert.Equal(PngWriter.Encode(image), stream.ToArray());
    }

    [Fact]
    public void The_widest_picture_is_written_and_a_wider_one_refused()
    {
        byte[] file = PngWriter.Encode(new RasterImage(PngWriter.MaximumSide, 1, 1, new byte[PngWriter.MaximumSide]));
        Assert.Equal(PngFile.Header(PngWriter.MaximumSide, 1, 8, 0), file[8..PngFile.HeaderLength]);
        RasterImage wider = new(1, PngWriter.MaximumSide + 1, 1, new byte[PngWriter.MaximumSide + 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => PngWriter.Encode(wider));
    }

    [Fact]
    public void A_picture_whose_sizes_do_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new RasterImage(2, 2, 1, new byte[5]));
        Assert.Throws<ArgumentException>(() => new RasterImage(2, 2, 2, new byte[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RasterImage(0, 2, 1, []));
        Assert.Throws<ArgumentException>(() => new RasterImage(int.MaxValue, int.MaxValue, 3, new byte[3]));
    }

    private static RasterImage Noise(int width, int height, int channels)
    {
        byte[] pixels = new byte[width * height * channels];
        new Random(5).NextBytes(pixels);
        return new RasterImage(width, height, channels, pixels);
    }

    private static RasterImage Smooth(int width, int height, int channels)
    {
        byte[] pixels = new byte[width * height * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, channels);
            (int y, int x) = Math.DivRem(pixel, width);
            pixels[i] = (byte)(127 + (60 * Math.Sin((x + (0.7 * y)) / 17)) + (50 * Math.Cos((y - (0.3 * x)) / 11)) + channel);
        }

        return new RasterImage(width, height, channels, pixels);
    }

    private static IEnumerable<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        for (int position = 8; position < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(position));
            yield return (Encoding.ASCII.GetString(file, position + 4, 4), file[(position + 8)..(position + 8 + length)]);
            position += 12 + length;
        }
    }
}
