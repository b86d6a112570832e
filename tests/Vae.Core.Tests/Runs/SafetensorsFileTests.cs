using System.Buffers.Binary;
using System.Text;

namespace Vae.Core.Tests.Runs;

public class SafetensorsFileTests
{
    private static string Refusal(byte[] bytes)
    {
        VaeException refusal = Assert.Throws<VaeException>(() => SafetensorsBytes.Read(bytes));
        Assert.Equal(FailureKind.BadData, refusal.Kind);
        Assert.StartsWith("FILE: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        return refusal.Message["FILE: ".Length..];
    }

    [Fact]
    public void A_file_is_read_with_its_metadata_in_the_order_of_its_bytes()
    {
        SafetensorsFile file = SafetensorsBytes.Read(SafetensorsBytes.Of(
            """
            {"b":{"dtype":"U8","shape":[2,3],"data_offsets":[8,14]},
             "__metadata__":{"epoch":"3","é":"ü\n"},
             "a":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}
            """,
            14));

        Assert.Equal(["a", "b"], file.Entries.Select(entry => entry.Name));
        Assert.Equal((SafetensorsType.F32, 0L, 8L), (file.Entries[0].Type, file.Entries[0].Offset, file.Entries[0].ByteCount));
        Assert.Equal([2L, 3L], file.Entries[1].Shape);
        Assert.Equal(new byte[] { 8, 9, 10, 11, 12, 13 }, file.Data("b").ToArray());
        Assert.Equal(new Dictionary<string, string> { ["epoch"] = "3", ["é"] = "ü\n" }, file.Metadata);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{}      ", 0)]
    [InlineData("""{"__metadata__":{}}""", 0)]
    [InlineData("""{"scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"none":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"none":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"one":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"none":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"one":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"":{"dtype":"BOOL","shape":[1,1,1],"data_offsets":[0,1]}}""", 1)]
    public void What_the_format_allows_is_read(string header, int dataBytes) =>
        Assert.Equal(dataBytes, SafetensorsBytes.Read(SafetensorsBytes.Of(header, dataBytes)).Entries.Sum(entry => entry.ByteCount));

    [Theory]
    [InlineData("F64", 8)]
    [InlineData("F32", 4)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I64", 8)]
    [InlineData("I32", 4)]
    [InlineData("I16", 2)]
    [InlineData("I8", 1)]
    [InlineData("U8", 1)]
    [InlineData("BOOL", 1)]
    public void Each_type_has_its_size(string type, int size)
    {
        string Header(int bytes) => $$$"""{"x":{"dtype":"{{{type}}}","shape":[3],"data_offsets":[0,{{{bytes}}}]}}""";

        Assert.Equal(type, SafetensorsBytes.Read(SafetensorsBytes.Of(Header(3 * size), 3 * size)).Entries.Single().Type.Name());
        string refusal = Refusal(SafetensorsBytes.Of(Header((3 * size) + 1), (3 * size) + 1));
        Assert.Contains("does not have the", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "does not begin with '{'")]
    [InlineData(" {}", "does not begin with '{'")]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}{}", "not valid JSON")]
    [InlineData("{},", "not valid JSON")]
    [InlineData("{}\0", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},}""", "not valid JSON")]
    [InlineData("""{/**/"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}""", "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "not valid JSON")]
    [InlineData("""{"__metadata__":{"k":"\udc00"}}""", "not valid JSON")]
    [InlineData("""{"__metadata__":5}""", "__metadata__ is not an object")]
    [InlineData("""{"__metadata__":{"k":5}}""", "the value of \"k\" is not a text")]
    [InlineData("""{"__metadata__":{"k":null}}""", "the value of \"k\" is not a text")]
    [InlineData("""{"__metadata__":{"k":{}}}""", "the value of \"k\" is not a text")]
    [InlineData("""{"__metadata__":{"k":"1","k":"1"}}""", "\"k\" stands more than once")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "\"__metadata__\" stands more than once")]
    [InlineData("""{"a":5}""", "tensor \"a\": is not described by an object")]
    [InlineData("""{"a":{}}""", "tensor \"a\": expected dtype, shape and data_offsets")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", "expected dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", "expected dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1]}}""", "expected dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}""", "has an unknown key \"x\"")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "dtype stands more than once")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", "shape stands more than once")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}}""", "data_offsets stands more than once")]
    [InlineData("""{"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}}""", "unknown dtype: \"u8\"")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", "unknown dtype: \"F8_E4M3\"")]
    [InlineData("""{"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}""", "unknown dtype: no text")]
    [InlineData("""{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", "shape is not an array")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", "shape holds something other than integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}""", "shape holds something other than integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", "shape holds something other than integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}}""", "shape holds something other than integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":{}}}""", "data_offsets is not an array")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}}""", "expected dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", "data_offsets has more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}""", "data_offsets holds something other than integers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", "ends at 0, before its begin at 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", "U8[2] does not have the 1 bytes")]
    [InlineData("""{"a":{"dtype":"I64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "does not have the 0 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,1]}}""", "does not have the 1 bytes")]
    public void What_the_format_forbids_in_the_header_is_refused(string header, string expected) =>
        Assert.Contains(expected, Refusal(SafetensorsBytes.Of(header, 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 3, 2, "begins at 1, where 0 was expected")]
    [InlineData(0, 2, 3, "begins at 3, where 2 was expected")]
    [InlineData(0, 2, 1, "begins at 1, where 2 was expected")]
    public void Holes_and_overlaps_are_refused(int begin, int end, int next, string expected) => Assert.Contains(
        expected,
        Refusal(SafetensorsBytes.Of(
            $$$"""
            {"a":{"dtype":"U8","shape":[2],"data_offsets":[{{{begin}}},{{{end}}}]},
             "b":{"dtype":"U8","shape":[2],"data_offsets":[{{{next}}},{{{next + 2}}}]}}
            """,
            5)),
        StringComparison.Ordinal);

    [Fact]
    public void A_name_that_stands_twice_is_refused() => Assert.Contains(
        "\"a\" stands more than once",
        Refusal(SafetensorsBytes.Of(
            """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2)),
        StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_cut_short_is_refused_wherever_the_cut_is()
    {
        byte[] whole = SafetensorsBytes.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.NotEmpty(Refusal(whole[..length]));
        }
    }

    [Fact]
    public void Bytes_behind_the_last_tensor_are_refused() => Assert.Equal(
        "1 bytes follow the last tensor",
        Refusal(SafetensorsBytes.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9)));

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(3UL)]
    public void A_header_longer_than_the_file_or_the_format_allows_is_refused(ulong length)
    {
        byte[] bytes = SafetensorsBytes.Of("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        Assert.Contains($"a header of {length} bytes does not fit", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_length_limit_of_the_header_holds_where_the_file_is_long_enough()
    {
        using SparseStream stream = new SparseStream(200_000_000, 100_000_001);

        VaeException refusal = Assert.Throws<VaeException>(() => SafetensorsFile.Read("FILE", stream));

        Assert.Contains("a header of 100000001 bytes does not fit", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_no_UTF_8_is_refused()
    {
        byte[] header = [.. "{\"__metadata__\":{\"k\":\""u8, 0xC3, 0x28, .. "\"}}"u8];

        Assert.Equal("the header is not valid UTF-8", Refusal(SafetensorsBytes.Of(header)));
    }

    [Fact]
    public void Claimed_sizes_take_no_memory()
    {
        byte[] bytes = SafetensorsBytes.Of("""{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}""", 8);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("cut short", Refusal(bytes), StringComparison.Ordinal);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Countless_tensors_and_dimensions_are_refused()
    {
        string names = string.Join(',', Enumerable.Range(0, 100_001).Select(i => $$"""
            "{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
            """));
        string dimensions = string.Join(',', Enumerable.Repeat(1, 65));

        Assert.Contains("more than 100000 tensors", Refusal(SafetensorsBytes.Of($"{{{names}}}")), StringComparison.Ordinal);
        Assert.Contains(
            "shape has more than 64 numbers",
            Refusal(SafetensorsBytes.Of($$$"""{"a":{"dtype":"U8","shape":[{{{dimensions}}}],"data_offsets":[0,1]}}""", 1)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_from_the_file_cannot_forge_a_line()
    {
        string message = Refusal(SafetensorsBytes.Of("{\"a\\nb\\u001b[31m\":5}"));

        Assert.Equal("tensor \"a\\u000ab\\u001b[31m\": is not described by an object", message);
    }

    [Fact]
    public void Missing_files_and_folders_are_missing_inputs()
    {
        VaeException missing = Assert.Throws<VaeException>(
            () => SafetensorsFile.Read(Path.Combine(Path.GetTempPath(), "no", "such.safetensors")));
        VaeException folder = Assert.Throws<VaeException>(() => SafetensorsFile.Read(Path.GetTempPath()));

        Assert.Equal((FailureKind.MissingInput, FailureKind.MissingInput), (missing.Kind, folder.Kind));
        Assert.Contains("is a folder", folder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_refused_is_closed_again()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "no safetensors file");

        Assert.Throws<VaeException>(() => SafetensorsFile.Read(path));

        using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(0, path.IndexOf(Path.GetTempPath(), StringComparison.Ordinal));
        }

        File.Delete(path);
    }

    [Fact]
    public void A_file_that_shrinks_meanwhile_is_refused()
    {
        ShrunkStream stream = new(SafetensorsBytes.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8));

        Assert.Equal(
            "FILE: became shorter while it was read", Assert.Throws<VaeException>(() => SafetensorsFile.Read("FILE", stream)).Message);
    }

    [Fact]
    public void Reading_that_fails_is_a_failure_of_input()
    {
        using SparseStream stream = new SparseStream(100, 50) { Fails = true };

        Assert.Equal(FailureKind.InputOutput, Assert.Throws<VaeException>(() => SafetensorsFile.Read("FILE", stream)).Kind);
    }

    [Fact]
    public void Metadata_of_any_text_is_kept_to_the_letter()
    {
        string text = string.Concat(Enumerable.Range(0, 0x3000).Select(i => (char)i)) + "😀";

        SafetensorsFile file = SafetensorsBytes.Read(SafetensorsBytes.Write([], ("configuration", text), (text, "")));

        Assert.Equal(text, file.Metadata["configuration"]);
        Assert.Equal("", file.Metadata[text]);
        Assert.Equal(Encoding.UTF8.GetByteCount(text), Encoding.UTF8.GetByteCount(file.Metadata["configuration"]));
    }

    /// <summary>A file that has one byte less than it said it has.</summary>
    private sealed class ShrunkStream(byte[] bytes) : MemoryStream(bytes[..^1])
    {
        public override long Length => base.Length + 1;
    }

    /// <summary>A long file of zeros after the claimed length of its header.</summary>
    private sealed class SparseStream(long length, long headerBytes) : Stream
    {
        public bool Fails { get; init; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Fails)
            {
                throw new IOException("the disk is gone");
            }

            for (int i = 0; i < count; i++, Position++)
            {
                buffer[offset + i] = Position < 8 ? (byte)(headerBytes >> (int)(8 * Position)) : (byte)0;
            }

            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
