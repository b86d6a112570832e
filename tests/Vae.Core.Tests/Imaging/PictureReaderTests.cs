namespace Vae.Core.Tests.Imaging;

public class PictureReaderTests
{
    private const int Grey = 0;
    private const int Rgb = 2;
    private const int Palette = 3;
    private const int GreyAlpha = 4;
    private const int RgbAlpha = 6;

    public static TheoryData<int, int, int, int> Formats()
    {
        TheoryData<int, int, int, int> formats = [];
        foreach ((int width, int height) in new[] { (1, 1), (2, 3), (5, 4), (8, 8), (9, 17), (33, 2) })
        {
            foreach (int bits in new[] { 1, 2, 4, 8, 16 })
            {
                formats.Add(Grey, bits, width, height);
                if (bits <= 8)
                {
                    formats.Add(Palette, bits, width, height);
                }

                if (bits >= 8)
                {
                    formats.Add(Rgb, bits, width, height);
                    formats.Add(GreyAlpha, bits, width, height);
                    formats.Add(RgbAlpha, bits, width, height);
                }
            }
        }

        return formats;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_is_read_plain_and_interlaced(int colorType, int bits, int width, int height)
    {
        Random random = new((colorType * 1000) + (bits * 100) + width);
        int perPixel = colorType switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };
        int[] samples = [.. Enumerable.Range(0, width * height * perPixel).Select(_ => random.Next(1 << bits))];
        byte[] palette = new byte[3 << Math.Min(bits, 8)];
        random.NextBytes(palette);
        byte[][] between = colorType == Palette ? [PngFile.Chunk("PLTE", palette)] : [];
        byte[] expected = [.. Expected(colorType, bits, samples, palette)];

        foreach (bool interlaced in new[] { false, true })
        {
            RasterImage image = Decode(PngFile.FromSamples(width, height, bits, colorType, samples, interlaced, between));
            Assert.Equal((width, height), (image.Width, image.Height));
            Assert.Equal(colorType is Grey or GreyAlpha ? 1 : 3, image.Channels);
            Assert.Equal(expected, image.Pixels);
        }
    }

    [Theory]
    [InlineData(0, new byte[] { 10, 20, 30, 5, 15, 25 })]
    [InlineData(1, new byte[] { 10, 30, 60, 5, 20, 45 })]
    [InlineData(2, new byte[] { 10, 20, 30, 15, 35, 55 })]
    [InlineData(3, new byte[] { 10, 25, 42, 10, 32, 62 })]
    [InlineData(4, new byte[] { 10, 30, 60, 15, 45, 85 })]
    public void Each_filter_is_undone(byte filter, byte[] expected)
    {
        byte[] file = PngFile.Join(
            PngFile.Header(3, 2, 8, Grey), PngFile.Data([filter, 10, 20, 30, filter, 5, 15, 25]), PngFile.End());
        Assert.Equal(expected, Decode(file).Pixels);
    }

    [Fact]
    public void Transparent_colours_become_black()
    {
        byte[] grey = PngFile.FromSamples(3, 1, 8, Grey, [7, 8, 9], false, PngFile.Chunk("tRNS", 0, 8));
        Assert.Equal([7, 0, 9], Decode(grey).Pixels);
        byte[] rgb = PngFile.FromSamples(2, 1, 16, Rgb, [0x1234, 5, 6, 0x1235, 5, 6], false, PngFile.Chunk("tRNS", 0x12, 0x34, 0, 5, 0, 6));
        Assert.Equal([0, 0, 0, 0x12, 0, 0], Decode(rgb).Pixels);
        byte[] palette = PngFile.FromSamples(
            3, 1, 2, Palette, [0, 1, 2], false, PngFile.Chunk("PLTE", 200, 100, 50, 1, 2, 3, 4, 5, 6), PngFile.Chunk("tRNS", 128, 0));
        Assert.Equal([100, 50, 25, 0, 0, 0, 4, 5, 6], Decode(palette).Pixels);
    }

    [Fact]
    public void A_palette_of_greys_gives_a_grey_picture()
    {
        RasterImage image = Decode(PngFile.FromSamples(2, 1, 1, Palette, [1, 0], false, PngFile.Chunk("PLTE", 9, 9, 9, 200, 200, 200)));
        Assert.Equal(1, image.Channels);
        Assert.Equal([200, 9], image.Pixels);
    }

    [Theory]
    [InlineData(Grey)]
    [InlineData(GreyAlpha)]
    public void Every_grey_value_of_16_bits_becomes_the_nearest_of_8(int colorType)
    {
        int[] values = [.. Enumerable.Range(0, 65536)];
        int[] samples = colorType == Grey ? values : [.. values.SelectMany(value => new[] { value, 65535 })];
        Assert.Equal(Expected(Grey, 16, values, []), Decode(PngFile.FromSamples(256, 256, 16, colorType, samples)).Pixels);
    }

    [Theory]
    [InlineData(Rgb, 8)]
    [InlineData(RgbAlpha, 8)]
    [InlineData(Palette, 8)]
    [InlineData(Rgb, 16)]
    [InlineData(RgbAlpha, 16)]
    public void Colours_with_a_profile_become_standard_ones(int colorType, int bits)
    {
        byte[] levels = [200, 100, 50, 0, 10, 255];
        byte[] palette = colorType == Palette ? levels : [];
        int largest = (1 << bits) - 1;
        int[] colours = [.. levels.Select(level => level * largest / 255)];
        int[] samples = colorType switch
        {
            Palette => [0, 1],
            RgbAlpha => [.. colours[..3], largest, .. colours[3..], largest],
            _ => colours,
        };
        byte[][] between = colorType == Palette
            ? [PngFile.LinearProfile(colours: true), PngFile.Chunk("PLTE", palette)]
            : [PngFile.LinearProfile(colours: true)];
        RasterImage image = Decode(PngFile.FromSamples(2, 1, bits, colorType, samples, interlaced: false, between));
        Assert.All(
            image.Pixels.Zip(levels),
            pair => Assert.InRange(pair.First, Standard(pair.Second / 255.0) - 1, Standard(pair.Second / 255.0) + 1));
    }

    [Fact]
    public void Dark_colours_of_16_bits_are_not_rounded_before_their_profile_is_used()
    {
        int[] samples = [100, 150, 300];
        byte[] pixels = Decode(PngFile.FromSamples(1, 1, 16, Rgb, samples, interlaced: false, PngFile.LinearProfile(colours: true))).Pixels;
        Assert.All(
            pixels.Zip(samples),
            pair => Assert.InRange(pair.First, Standard(pair.Second / 65535.0) - 1, Standard(pair.Second / 65535.0) + 1));
    }

    [Fact]
    public void Half_a_colour_with_a_profile_is_composed_over_black()
    {
        byte[] file = PngFile.FromSamples(1, 1, 8, RgbAlpha, [255, 255, 255, 128], interlaced: false, PngFile.LinearProfile(colours: true));
        Assert.Equal([128, 128, 128], Decode(file).Pixels);
    }

    [Fact]
    public void Grey_with_a_profile_stays_and_so_does_what_tells_only_its_gamma()
    {
        byte[] gamma = PngFile.Chunk("gAMA", 0, 1, 0x86, 0xA0); // 1
        Assert.Equal(
            [3, 200],
            Decode(PngFile.FromSamples(2, 1, 8, Grey, [3, 200], interlaced: false, PngFile.LinearProfile(colours: false))).Pixels);
        Assert.Equal([3, 200], Decode(PngFile.FromSamples(2, 1, 8, Grey, [3, 200], interlaced: false, gamma)).Pixels);
        Assert.Equal([3, 200, 90], Decode(PngFile.FromSamples(1, 1, 8, Rgb, [3, 200, 90], interlaced: false, gamma)).Pixels);
    }

    [Fact]
    public void A_damaged_profile_counts_as_none()
    {
        byte[] file = PngFile.FromSamples(1, 1, 8, Rgb, [3, 200, 90], interlaced: false, PngFile.Chunk("iCCP", [.. "x\0\0"u8, 1, 2, 3]));
        Assert.Equal([3, 200, 90], Decode(file).Pixels);
    }

    [Fact]
    public void Compressed_data_may_be_cut_anywhere_and_unknown_notes_are_passed_over()
    {
        byte[] zlib = PngFile.Zlib(PngFile.Rows(3, 2, 8, [1, 2, 3, 4, 5, 6], interlaced: false));
        byte[] file = PngFile.Join(
        [
            PngFile.Header(3, 2, 8, Grey),
            PngFile.Chunk("tEXt", [.. "Title\0a"u8]),
            .. zlib.Select(value => PngFile.Chunk("IDAT", value)),
            PngFile.Chunk("IDAT"),
            PngFile.Chunk("prVt", 1, 2, 3),
            PngFile.End(),
        ]);
        Assert.Equal([1, 2, 3, 4, 5, 6], Decode(file).Pixels);
    }

    [Fact]
    public void A_file_is_read_from_its_path_and_a_missing_one_is_named()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "a.png");
            File.WriteAllBytes(path, PngFile.FromSamples(2, 1, 8, Grey, [3, 4]));
            Assert.Equal([3, 4], PictureReader.Read(path).Pixels);

            string missing = Path.Combine(folder, "b.png");
            VaeException exception = Assert.Throws<VaeException>(() => PictureReader.Read(missing));
            Assert.Equal(FailureKind.MissingInput, exception.Kind);
            Assert.Contains(missing, exception.Message, StringComparison.Ordinal);
            Assert.Equal(FailureKind.InputOutput, Assert.Throws<VaeException>(() => PictureReader.Read(folder)).Kind);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RasterImage Decode(byte[] file) => PictureReader.Decode(file, "picture.png");

    /// <summary>A share of light as sRGB has it, from 0 to 255 (IEC 61966-2-1).</summary>
    private static double Standard(double light) => 255 * (light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055);

    private static IEnumerable<byte> Expected(int colorType, int bits, int[] samples, byte[] palette)
    {
        double largest = (1 << bits) - 1;
        int alphaAt = colorType switch { GreyAlpha => 1, RgbAlpha => 3, _ => 0 };
        if (colorType == Palette)
        {
            return samples.SelectMany(sample => palette.AsSpan(sample * 3, 3).ToArray());
        }

        return alphaAt == 0
            ? samples.Select(sample => (byte)Math.Round(sample / largest * 255, MidpointRounding.AwayFromZero))
            : samples.Chunk(alphaAt + 1).SelectMany(pixel => pixel[..alphaAt].Select(sample =>
                (byte)Math.Round((double)sample * pixel[alphaAt] * 255 / (largest * largest), MidpointRounding.AwayFromZero)));
    }
}
