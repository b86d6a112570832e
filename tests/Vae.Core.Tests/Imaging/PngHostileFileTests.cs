namespace Vae.Core.Tests.Imaging;

public class PngHostileFileTests
{
    private static readonly byte[] Rows = [0, 1, 2, 3, 0, 4, 5, 6];

    public static TheoryData<string, byte[], string> BrokenFiles() => new()
    {
        { "nothing", [], "signature" },
        { "a file of another kind", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0], "signature" },
        { "no chunk", PngFile.Join(), "truncated" },
        { "data before the header", PngFile.Join(PngFile.Data(Rows), Header(), PngFile.End()), "not IHDR" },
        { "two headers", PngFile.Join(Header(), Header(), PngFile.Data(Rows), PngFile.End()), "second IHDR" },
        { "a header too short", PngFile.Join(PngFile.Chunk("IHDR", new byte[12]), PngFile.Data(Rows), PngFile.End()), "12 bytes" },
        { "no width", PngFile.Join(PngFile.Header(0, 2, 8, 0), PngFile.Data(Rows), PngFile.End()), "0×2" },
        { "a negative height", PngFile.Join(PngFile.Header(3, -2, 8, 0), PngFile.Data(Rows), PngFile.End()), "make it smaller" },
        { "too many pixels", PngFile.Join(PngFile.Header(16384, 1025, 8, 0), PngFile.Data(Rows), PngFile.End()), "make it smaller" },
        { "colour type 1", PngFile.Join(PngFile.Header(3, 2, 8, 1), PngFile.Data(Rows), PngFile.End()), "colour type 1" },
        { "RGB of 4 bits", PngFile.Join(PngFile.Header(3, 2, 4, 2), PngFile.Data(Rows), PngFile.End()), "4 bits" },
        { "a palette of 16 bits", PngFile.Join(PngFile.Header(3, 2, 16, 3), PngFile.Data(Rows), PngFile.End()), "16 bits" },
        { "interlace 2", PngFile.Join(PngFile.Header(3, 2, 8, 0, interlace: 2), PngFile.Data(Rows), PngFile.End()), "interlace 2" },
        { "compression 1", PngFile.Join(PngFile.Header(3, 2, 8, 0, compression: 1), PngFile.Data(Rows), PngFile.End()), "compression 1" },
        { "filter method 1", PngFile.Join(PngFile.Header(3, 2, 8, 0, filter: 1), PngFile.Data(Rows), PngFile.End()), "filter method 1" },
        { "no data", PngFile.Join(Header(), PngFile.End()), "without any IDAT" },
        { "no end", PngFile.Join(Header(), PngFile.Data(Rows)), "truncated" },
        { "an end with content", PngFile.Join(Header(), PngFile.Data(Rows), PngFile.Chunk("IEND", 1)), "IEND is not empty" },
        { "bytes after the end", [.. PngFile.Join(Header(), PngFile.Data(Rows), PngFile.End()), 0], "1 bytes follow" },
        { "an unknown chunk that matters", PngFile.Join(Header(), PngFile.Chunk("ABCD"), PngFile.Data(Rows), PngFile.End()), "ABCD" },
        { "a chunk without a name", PngFile.Join(Header(), PngFile.Chunk("A\nCD"), PngFile.Data(Rows), PngFile.End()), "four letters" },
        {
            "data in two places",
            PngFile.Join(Header(), PngFile.Data(Rows), PngFile.Chunk("teXt"), PngFile.Data(Rows), PngFile.End()),
            "in one row"
        },
        { "a row too few", PngFile.Join(Header(), PngFile.Data(Rows[..4]), PngFile.End()), "ends before the last row" },
        { "a byte too few", PngFile.Join(Header(), PngFile.Data(Rows[..7]), PngFile.End()), "ends before the last row" },
        { "a byte too many", PngFile.Join(Header(), PngFile.Data([.. Rows, 0]), PngFile.End()), "goes on after the last row" },
        { "filter type 5", PngFile.Join(Header(), PngFile.Data([5, .. Rows[1..]]), PngFile.End()), "filter type 5" },
        { "no zlib stream", PngFile.Join(Header(), PngFile.Chunk("IDAT", 1, 2, 3, 4, 5, 6, 7, 8), PngFile.End()), "zlib" },
        { "a zlib stream of nothing", PngFile.Join(Header(), PngFile.Chunk("IDAT", 1, 2, 3), PngFile.End()), "zlib" },
        { "a zlib stream without its checksum", WithData(PngFile.Zlib(Rows)[..^4]), "IDAT" },
        { "a zlib stream with a byte after it", WithData([.. PngFile.Zlib(Rows), 7]), "checksum" },
        { "a zlib stream with a preset dictionary", WithData([0x78, 0xBB, .. PngFile.Zlib(Rows)[2..]]), "zlib" },
        { "a palette picture without a palette", PngFile.Join(PngFile.Header(3, 2, 8, 3), PngFile.Data(Rows), PngFile.End()), "no PLTE" },
        { "a colour outside the palette", WithPalette(new byte[18]), "colour 6 of a palette of 6" },
        { "a palette that is no multiple of three", WithPalette(new byte[20]), "PLTE has 20 bytes" },
        { "an empty palette", WithPalette([]), "PLTE has 0 bytes" },
        { "a palette too long", PngFile.FromSamples(1, 1, 1, 3, [0], false, PngFile.Chunk("PLTE", new byte[9])), "PLTE has 9 bytes" },
        { "two palettes", PngFile.FromSamples(1, 1, 8, 2, [1, 2, 3], false, TwoColours(), TwoColours()), "twice" },
        { "a palette for grey", PngFile.FromSamples(1, 1, 8, 0, [1], false, PngFile.Chunk("PLTE", 1, 2, 3)), "grey picture has a PLTE" },
        { "transparency beside alpha", PngFile.FromSamples(1, 1, 8, 4, [1, 2], false, PngFile.Chunk("tRNS", 0, 1)), "tRNS" },
        { "transparency too long", PngFile.FromSamples(1, 1, 8, 0, [1], false, PngFile.Chunk("tRNS", 0, 1, 2)), "tRNS" },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void A_broken_file_is_refused_with_its_path_and_the_reason(string what, byte[] file, string reason)
    {
        VaeException? exception = Refusal(file);
        Assert.True(exception is not null, what);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        byte[] file = Sound();
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] broken = [.. file];
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Refusal(broken) is not null, $"bit {bit}");
        }
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        byte[] file = Sound();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.True(Refusal(file[..length]) is not null, $"{length} bytes");
        }
    }

    [Fact]
    public void Every_flipped_bit_of_the_header_with_a_right_checksum_gives_a_picture_or_a_refusal()
    {
        byte[] file = Sound();
        int refused = 0;
        for (int bit = 64; bit < 8 * PngFile.HeaderLength; bit++)
        {
            byte[] broken = [.. file];
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += Refusal(PngFile.WithChecksums(broken)) is null ? 0 : 1;
        }

        // Only the 32 bits of the checksum itself may be mended without a trace.
        Assert.Equal((8 * PngFile.HeaderLength) - 64 - 32, refused);
    }

    [Fact]
    public void A_small_file_that_claims_a_large_picture_takes_no_memory()
    {
        byte[] file = PngFile.Join(PngFile.Header(4096, 4096, 16, 6), PngFile.Data(new byte[1000]), PngFile.End());
        Refusal(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("cannot hold", Refusal(file)!.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Reading_takes_little_memory_beside_the_picture()
    {
        byte[] file = PngFile.FromSamples(1000, 500, 8, 2, new int[1_500_000], interlaced: true);
        PictureReader.Decode(file, "picture.png");
        long before = GC.GetAllocatedBytesForCurrentThread();
        PictureReader.Decode(file, "picture.png");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1_500_000, 1_700_000);
    }

    private static byte[] TwoColours() => PngFile.Chunk("PLTE", 1, 2, 3, 4, 5, 6);

    private static byte[] Header() => PngFile.Header(3, 2, 8, 0);

    private static byte[] Sound()
    {
        byte[] file = PngFile.Join(Header(), PngFile.Chunk("tEXt", [.. "a\0b"u8]), PngFile.Data(Rows), PngFile.End());
        Assert.Equal(6, PictureReader.Decode(file, "sound").Pixels.Length);
        return file;
    }

    private static byte[] WithData(byte[] zlib) => PngFile.Join(Header(), PngFile.Chunk("IDAT", zlib), PngFile.End());

    private static byte[] WithPalette(byte[] palette) =>
        PngFile.Join(PngFile.Header(3, 2, 8, 3), PngFile.Chunk("PLTE", palette), PngFile.Data(Rows), PngFile.End());

    /// <summary>The failure of reading the file, null where it is read; any other exception ends the test.</summary>
    private static VaeException? Refusal(byte[] file)
    {
        try
        {
            PictureReader.Decode(file, "folder/picture.png");
            return null;
        }
        catch (VaeException exception)
        {
            Assert.Equal(FailureKind.BadData, exception.Kind);
            Assert.StartsWith("folder/picture.png: ", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
            return exception;
        }
    }
}
