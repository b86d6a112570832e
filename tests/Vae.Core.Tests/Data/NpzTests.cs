using System.IO.Compression;

namespace Vae.Core.Tests.Data;

public sealed class NpzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arrays_that_grew_together_are_given_back()
    {
        WriteExample("a.npz", batches: 3);
        using NpzReader reader = NpzReader.Open(_folder["a.npz"]);
        Assert.Equal(["mean", "label", "pixels"], reader.Names);
        NpyArray mean = reader.Read("mean");
        Assert.Equal([6L, 2], mean.Shape);
        Assert.Equal([0f, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 203], mean.Values<float>());
        Assert.Equal([0L, 1, 100, 101, 200, 201], reader.Read("label").Values<long>());
        Assert.Equal([6L, 1, 1, 1], reader.Read("pixels").Shape);
    }

    [Fact]
    public void The_same_arrays_give_the_same_bytes_whether_they_waited_in_memory_or_in_a_file()
    {
        WriteExample("a.npz", batches: 200);
        WriteExample("b.npz", batches: 200);
        Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));

        WriteLarge("large.npz", rowsAtOnce: 1000);
        WriteLarge("larger-steps.npz", rowsAtOnce: 100_000);
        Assert.Equal(File.ReadAllBytes(_folder["large.npz"]), File.ReadAllBytes(_folder["larger-steps.npz"]));
        using NpzReader reader = NpzReader.Open(_folder["large.npz"]);
        Assert.Equal(Enumerable.Range(0, 800_000).Select(i => (float)i), reader.Read("large").Values<float>());
        Assert.Equal(["a.npz", "b.npz", "large.npz", "larger-steps.npz"], _folder.FileNames());
    }

    [Fact]
    public void An_array_without_rows_is_written()
    {
        WriteExample("a.npz", batches: 0);
        using NpzReader reader = NpzReader.Open(_folder["a.npz"]);
        Assert.Equal([0L, 2], reader.Read("mean").Shape);
    }

    [Fact]
    public void Wrong_use_is_told()
    {
        using NpzWriter writer = new NpzWriter(new MemoryStream());
        NpzColumn column = writer.AddColumn("mean", NpyType.Float32, 2);
        Assert.Throws<ArgumentException>(() => writer.AddColumn("mean", NpyType.Float32));
        Assert.Throws<ArgumentException>(() => column.Append([1f, 2f, 3f]));
        Assert.Throws<ArgumentException>(() => column.Append([1L, 2L]));
        writer.Complete();
        Assert.Throws<ObjectDisposedException>(() => column.Append([1f, 2f]));
    }

    [Fact]
    public void A_deflated_archive_is_read()
    {
        WriteZip("a.npz", CompressionLevel.Optimal, "mean.npy");
        using NpzReader reader = NpzReader.Open(_folder["a.npz"]);
        Assert.Equal([1f, 2f], reader.Read("mean").Values<float>());
    }

    [Fact]
    public void An_array_that_is_not_there_is_told_with_those_that_are()
    {
        WriteExample("a.npz", batches: 1);
        using NpzReader reader = NpzReader.Open(_folder["a.npz"]);
        VaeException exception = Assert.Throws<VaeException>(() => reader.Read("z"));
        Assert.Contains("no array named z; it holds mean, label, pixels", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_are_no_arrays_or_come_twice_are_refused()
    {
        WriteZip("a.npz", CompressionLevel.NoCompression, "mean.npy", "readme.txt");
        WriteZip("b.npz", CompressionLevel.NoCompression, "mean.npy", "mean.npy");
        foreach (string name in new[] { "a.npz", "b.npz" })
        {
            Assert.Equal(FailureKind.BadData, Assert.Throws<VaeException>(() => NpzReader.Open(_folder[name])).Kind);
        }
    }

    [Fact]
    public void A_truncated_archive_is_refused()
    {
        WriteExample("a.npz", batches: 2);
        byte[] whole = File.ReadAllBytes(_folder["a.npz"]);
        for (int length = 0; length < whole.Length; length += 7)
        {
            _folder.Write("cut.npz", whole.AsSpan(0, length));
            VaeException exception = Assert.Throws<VaeException>(() => ReadAll("cut.npz"));
            Assert.Equal(FailureKind.BadData, exception.Kind);
        }
    }

    [Fact]
    public void A_changed_value_is_noticed_and_any_changed_byte_gives_a_typed_error_or_the_same_arrays()
    {
        WriteExample("a.npz", batches: 2);
        byte[] whole = File.ReadAllBytes(_folder["a.npz"]);
        int firstValue = whole.AsSpan().IndexOf((byte)'\n') + 1;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x41;
            _folder.Write("changed.npz", changed);
            Exception? exception = Record.Exception(() => ReadAll("changed.npz"));
            Assert.True(exception is null or VaeException { Kind: FailureKind.BadData }, $"byte {i}: {exception}");
            Assert.True(i != firstValue || exception!.Message.Contains("checksum", StringComparison.Ordinal), exception?.Message);
        }
    }

    [PythonFact("numpy")]
    public void NumPy_reads_the_arrays_and_its_own_are_read()
    {
        WriteExample("ours.npz", batches: 2);
        Python.Run("numpy", $"""
            import numpy
            with numpy.load(r'{_folder["ours.npz"]}') as ours:
                assert sorted(ours.files) == ['label', 'mean', 'pixels'], ours.files
                assert ours['mean'].dtype == numpy.float32 and ours['mean'].tolist() == [[0, 1], [2, 3], [100, 101], [102, 103]]
                assert ours['label'].dtype == numpy.int64 and ours['label'].tolist() == [0, 1, 100, 101]
                assert ours['pixels'].dtype == numpy.uint8 and ours['pixels'].shape == (4, 1, 1, 1)
            x = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
            numpy.savez(r'{_folder["stored.npz"]}', x=x, y=numpy.arange(3))
            numpy.savez_compressed(r'{_folder["deflated.npz"]}', x=x, y=numpy.arange(3))
            """);
        foreach (string name in new[] { "stored.npz", "deflated.npz" })
        {
            using NpzReader reader = NpzReader.Open(_folder[name]);
            Assert.Equal([0f, 1, 2, 3, 4, 5], reader.Read("x").Values<float>());
            Assert.Equal([2L, 3], reader.Read("x").Shape);
            Assert.Equal([0L, 1, 2], reader.Read("y").Values<long>());
        }
    }

    private void ReadAll(string name)
    {
        using NpzReader reader = NpzReader.Open(_folder[name]);
        foreach (string array in reader.Names)
        {
            reader.Read(array);
        }
    }

    private void WriteExample(string name, int batches) => AtomicFile.Write(_folder[name], stream =>
    {
        using NpzWriter writer = new NpzWriter(stream);
        NpzColumn mean = writer.AddColumn("mean", NpyType.Float32, 2);
        NpzColumn label = writer.AddColumn("label", NpyType.Int64);
        NpzColumn pixels = writer.AddColumn("pixels", NpyType.UInt8, 1, 1, 1);
        for (int batch = 0; batch < batches; batch++)
        {
            int first = 100 * batch;
            mean.Append([first, first + 1f, first + 2f, first + 3f]);
            label.Append([first, first + 1L]);
            pixels.Append([(byte)first, (byte)batch]);
        }

        Assert.Equal(2 * batches, mean.Rows);
        writer.Complete();
    });

    private void WriteLarge(string name, int rowsAtOnce) => AtomicFile.Write(_folder[name], stream =>
    {
        using NpzWriter writer = new NpzWriter(stream);
        NpzColumn large = writer.AddColumn("large", NpyType.Float32, 4);
        for (int row = 0; row < 200_000; row += rowsAtOnce)
        {
            large.Append([.. Enumerable.Range(4 * row, 4 * rowsAtOnce).Select(i => (float)i)]);
        }

        writer.Complete();
    });

    private void WriteZip(string name, CompressionLevel level, params string[] entries)
    {
        using ZipArchive archive = new ZipArchive(File.Create(_folder[name]), ZipArchiveMode.Create);
        foreach (string entry in entries)
        {
            using Stream content = archive.CreateEntry(entry, level).Open();
            NpyWriter.Write(content, [1f, 2f], 2);
        }
    }
}
