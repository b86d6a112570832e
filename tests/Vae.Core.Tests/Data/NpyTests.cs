using System.Text;

namespace Vae.Core.Tests.Data;

public sealed class NpyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        byte[] file = Write([1f, -2f], 2, 1);
        Assert.Equal(
            "\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", Encoding.Latin1.GetString(file)[..69]);
        Assert.Equal(128 + 8, file.Length);
        Assert.Equal((byte)'\n', file[127]);
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], file[128..]);
    }

    [Fact]
    public void Arrays_of_each_type_and_rank_are_given_back()
    {
        NpyArray floats = Read(Write([1.5f, float.NaN, -0f, 3f, 4f, 5f], 3, 1, 2));
        Assert.Equal((NpyType.Float32, 6), (floats.Type, floats.Length));
        Assert.Equal([3L, 1, 2], floats.Shape);
        Assert.Equal([1.5f, float.NaN, -0f, 3f, 4f, 5f], floats.Values<float>());
        Assert.Equal([long.MinValue, 7], Read(Write([long.MinValue, 7L], 2)).Values<long>());
        Assert.Equal([200], Read(Write<byte>([200])).Values<byte>());
        Assert.Empty(Read(Write<byte>([200])).Shape);
        Assert.Empty(Read(Write<float>([], 0, 5)).Values<float>());
        Assert.Throws<InvalidOperationException>(() => floats.Values<byte>());

        float[] many = [.. Enumerable.Range(0, 1_000_003).Select(i => (float)i)];
        Assert.Equal(many, Read(Write(many, many.Length)).Values<float>());
    }

    [Fact]
    public void Other_spellings_that_the_format_allows_are_read()
    {
        NpyArray array = Read(File("{\"shape\":(1,2),'fortran_order' : False,\n'descr':'|u1'}", [5, 6]));
        Assert.Equal([5, 6], array.Values<byte>());
        Assert.Equal([5], Read(File("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", [5], version: 2)).Values<byte>());
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "elements of type '>f4'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "elements of type '<f8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "elements of type '|O'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "quoted text")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "C order")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3037000500, 3037000500), }", "larger than can be held")]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }",
        "33 dimensions")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "repeated key 'descr'")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "the keys descr")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "nothing else")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1", "')' is expected")]
    [InlineData("{'descr", "quoted text")]
    [InlineData("", "'{' is expected")]
    public void Other_headers_are_refused_by_name(string header, string reason) =>
        Assert.Contains(reason, Refused(File(header, [0, 0, 0, 0])), StringComparison.Ordinal);

    [Fact]
    public void A_file_truncated_anywhere_or_too_long_is_refused()
    {
        byte[] whole = Write([1f, 2f, 3f], 3);
        for (int length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length]);
        }

        Assert.Contains("more bytes follow", Refused([.. whole, 0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_versions_and_header_lengths_are_refused()
    {
        byte[] version = Write([1f], 1);
        version[6] = 4;
        Assert.Contains("version 4.0", Refused(version), StringComparison.Ordinal);
        Assert.Contains("magic", Refused(new byte[200]), StringComparison.Ordinal);
        byte[] length = File("{}", [], version: 3);
        length[10] = 0xFF;
        Assert.Contains("at most 65536", Refused(length), StringComparison.Ordinal);
    }

    [Fact]
    public void An_announced_size_takes_no_memory_before_the_values_arrive()
    {
        byte[] boast = File("{'descr': '<i8', 'fortran_order': False, 'shape': (2000000000,), }", new byte[100]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(boast);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static byte[] Write<T>(T[] values, params long[] shape)
        where T : unmanaged
    {
        using MemoryStream output = new MemoryStream();
        NpyWriter.Write<T>(output, values, shape);
        return output.ToArray();
    }

    private static byte[] File(string header, byte[] content, byte version = 1)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. content];
    }

    private NpyArray Read(byte[] file) => NpyReader.Read(_folder.Write("a.npy", file));

    private string Refused(byte[] file)
    {
        VaeException exception = Assert.Throws<VaeException>(() => Read(file));
        Assert.Equal(FailureKind.BadData, exception.Kind);
        Assert.StartsWith(_folder["a.npy"] + ": ", exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }
}
