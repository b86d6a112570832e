using System.Buffers.Binary;

namespace Vae.Core.Tests.Training;

public sealed class TensorBoardWriterTests : IDisposable
{
    [Fact]
    public void A_full_disk_is_told_once_when_the_event_is_written()
    {
        FullDisk stream = new();
        TensorBoardWriter writer = new(stream, "FILE");
        stream.IsFull = true;

        VaeException error = Assert.Throws<VaeException>(() => writer.WriteScalars(1, []));

        Assert.Equal(FailureKind.InputOutput, error.Kind);
        Assert.Null(Record.Exception(writer.Dispose));
    }

    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500);

    private readonly string _folder = Directory.CreateTempSubdirectory("vae-tensorboard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Write(params (long Step, (string Tag, double Value)[] Scalars)[] events)
    {
        using MemoryStream stream = new MemoryStream();
        using TensorBoardWriter writer = new TensorBoardWriter(stream, "FILE", new FixedClock());
        foreach ((long step, (string Tag, double Value)[]? scalars) in events)
        {
            writer.WriteScalars(step, scalars.Select(scalar => KeyValuePair.Create(scalar.Tag, scalar.Value)));
        }

        return stream.ToArray();
    }

    [Fact]
    public void The_file_begins_with_its_version()
    {
        TensorBoardEvent first = TensorBoardDecoder.Read(Write()).Single();

        Assert.Equal("brain.Event:2", first.FileVersion);
        Assert.Equal(1_700_000_000.5, first.WallTime);
    }

    [Fact]
    public void Scalars_read_back_with_step_and_time()
    {
        string tag = "validation/" + new string('é', 200);

        TensorBoardEvent[] events = TensorBoardDecoder.Read(Write(
            (390, [("train/elbo", -103.25), ("train/kl", 25)]),
            (long.MaxValue, [(tag, 1e-3)]),
            (0, []))).Skip(1).ToArray();

        Assert.Equal([390, long.MaxValue, 0], events.Select(item => item.Step));
        Assert.Equal([("train/elbo", -103.25f), ("train/kl", 25f)], events[0].Scalars);
        Assert.Equal([(tag, 1e-3f)], events[1].Scalars);
        Assert.Empty(events[2].Scalars);
        Assert.All(events, item => Assert.Equal(1_700_000_000.5, item.WallTime));
    }

    [Fact]
    public void The_decoder_of_these_tests_knows_the_check_value_of_the_nine_digits() =>
        Assert.Equal(0xE3069283, TensorBoardDecoder.Crc32C("123456789"u8));

    [Fact]
    public void The_bytes_of_an_event_are_those_of_the_definition()
    {
        byte[] record = Write((1, [("a", 1)]))[Write().Length..];

        byte[] time = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(time, 1_700_000_000.5);
        byte[] expected = [0x09, .. time, 0x10, 1, 0x2A, 10, 0x0A, 8, 0x0A, 1, (byte)'a', 0x15, 0, 0, 0x80, 0x3F];
        Assert.Equal(expected, record[12..^4]);
        Assert.Equal(expected.Length, BinaryPrimitives.ReadInt64LittleEndian(record));
    }

    [Fact]
    public void What_is_written_is_on_disk_at_once_and_a_second_writer_begins_another_file()
    {
        using TensorBoardWriter first = TensorBoardWriter.Create(_folder, new FixedClock());
        first.WriteScalars(1, [new("a", 1)]);
        using TensorBoardWriter second = TensorBoardWriter.Create(_folder, new FixedClock());
        second.WriteScalars(2, [new("a", 2)]);

        string[] files = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(
            ["events.out.tfevents.1700000000.0000.vae", "events.out.tfevents.1700000000.0001.vae"], files.Select(Path.GetFileName));
        Assert.Equal([[0L, 1L], [0L, 2L]], files.Select(file => TensorBoardDecoder.Read(ReadShared(file)).Select(item => item.Step)));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told()
    {
        VaeException refusal = Assert.Throws<VaeException>(() => TensorBoardWriter.Create(Path.Combine(_folder, "none")));

        Assert.Equal(FailureKind.OutputUnwritable, refusal.Kind);
        Assert.Contains(Path.Combine(_folder, "none"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_told()
    {
        VaeException failure = Assert.Throws<VaeException>(() => new TensorBoardWriter(new FullStream(), "FILE"));

        Assert.Equal((FailureKind.InputOutput, "FILE: not written, No space left on device"), (failure.Kind, failure.Message));
    }

    private static byte[] ReadShared(string path)
    {
        using FileStream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");
    }

    /// <summary>Fails as a file does whose buffer cannot be flushed: on writing, and on closing once more.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public bool IsFull { get; set; }

        public override void Flush()
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }
        }

        protected override void Dispose(bool disposing)
        {
            Flush();
            base.Dispose(disposing);
        }
    }
}
