using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Vae.Core.Runs;

/// <summary>
/// Writes scalars that TensorBoard shows. The file is a sequence of records (length, check, bytes, check), each an <c>Event</c>
/// message of protocol buffers; of that message five fields are needed, so it is encoded here and no library is.
/// </summary>
internal sealed class TensorBoardWriter : IDisposable
{
    // Fields of Event, of Summary and of Summary.Value, by number.
    private const int WallTimeField = 1;
    private const int StepField = 2;
    private const int FileVersionField = 3;
    private const int SummaryField = 5;
    private const int ValueField = 1;
    private const int TagField = 1;
    private const int SimpleValueField = 2;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly TimeProvider _clock;

    /// <summary>Begins a file on a stream. Disposing the writer disposes the stream.</summary>
    /// <param name="stream">Takes the file.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="clock">Tells the time that events carry; null for the system's.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.InputOutput"/>: writing failed.</exception>
    public TensorBoardWriter(Stream stream, string file, TimeProvider? clock = null)
    {
        _stream = stream;
        _file = file;
        _clock = clock ?? TimeProvider.System;
        WriteEvent(content => WriteBytes(content, FileVersionField, "brain.Event:2"u8));
    }

    /// <summary>
    /// Begins a new file <c>events.out.tfevents.TIME.NUMBER.vae</c> in a folder. TensorBoard reads all such files of a folder in the
    /// order of their names as one, so a resumed run simply begins another.
    /// </summary>
    /// <exception cref="VaeException"><see cref="FailureKind.OutputUnwritable"/>: the file cannot be made.</exception>
    public static TensorBoardWriter Create(string folder, TimeProvider? clock = null)
    {
        string seconds = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds().ToString("D10", CultureInfo.InvariantCulture);
        for (int number = 0; ; number++)
        {
            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds}.{number:D4}.vae"));
            try
            {
                return new TensorBoardWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read), path, clock);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Begun within the same second; the next number is free.
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new VaeException(FailureKind.OutputUnwritable, $"{path}: cannot be made: {failure.Message}", failure);
            }
        }
    }

    /// <summary>Appends one event with some scalars and flushes, so that a TensorBoard that runs meanwhile shows it.</summary>
    /// <param name="step">The step that the values belong to.</param>
    /// <param name="scalars">Tags such as <c>train/elbo</c> and their values, which TensorBoard keeps in single precision.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.InputOutput"/>: writing failed.</exception>
    public void WriteScalars(long step, IEnumerable<KeyValuePair<string, double>> scalars) => WriteEvent(content =>
    {
        ArrayBufferWriter<byte> summary = new ArrayBufferWriter<byte>();
        foreach ((string? tag, double value) in scalars)
        {
            ArrayBufferWriter<byte> item = new ArrayBufferWriter<byte>();
            WriteBytes(item, TagField, Encoding.UTF8.GetBytes(tag));
            WriteVarint(item, Key(SimpleValueField, WireType.Fixed32));
            BinaryPrimitives.WriteSingleLittleEndian(item.GetSpan(sizeof(float)), (float)value);
            item.Advance(sizeof(float));
            WriteBytes(summary, ValueField, item.WrittenSpan);
        }

        WriteVarint(content, Key(StepField, WireType.Varint));
        WriteVarint(content, (ulong)step);
        WriteBytes(content, SummaryField, summary.WrittenSpan);
    });

    /// <summary>Closes the file. Each event was flushed when it was written, or failed then; that failure must not be hidden by another.</summary>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
        }
    }

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    private void WriteEvent(Action<ArrayBufferWriter<byte>> writeContent)
    {
        ArrayBufferWriter<byte> content = new ArrayBufferWriter<byte>();
        WriteVarint(content, Key(WallTimeField, WireType.Fixed64));
        double seconds = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        BinaryPrimitives.WriteDoubleLittleEndian(content.GetSpan(sizeof(double)), seconds);
        content.Advance(sizeof(double));
        writeContent(content);
        try
        {
            _stream.Write(Record(content.WrittenSpan));
            _stream.Flush();
        }
        catch (IOException failure)
        {
            throw AtomicFile.Failure(_file, failure);
        }
    }

    /// <summary>Length (8 bytes), its check (4), the content, its check (4); one array, so that one write appends it.</summary>
    private static byte[] Record(ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[sizeof(ulong) + sizeof(uint) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCheck(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + content.Length), MaskedCheck(content));
        return record;
    }

    /// <summary>CRC-32C as record files store it: rotated and shifted, so that a check over checks is no trivial one.</summary>
    private static uint MaskedCheck(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return unchecked(uint.RotateRight(~crc, 15) + 0xA282EAD8);
    }

    private static ulong Key(int field, WireType type) => ((ulong)field << 3) | (ulong)type;

    private static void WriteBytes(ArrayBufferWriter<byte> target, int field, ReadOnlySpan<byte> bytes)
    {
        WriteVarint(target, Key(field, WireType.Bytes));
        WriteVarint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    /// <summary>Seven bits a byte, the lowest first, the top bit set on all bytes but the last.</summary>
    private static void WriteVarint(ArrayBufferWriter<byte> target, ulong value)
    {
        while (value >= 0x80)
        {
            target.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        target.Write([(byte)value]);
    }
}
