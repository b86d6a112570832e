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
        WriteEvent(content => WriteBytes(content, FileVersionField, "brain.Event:2"u8.ToArray()));
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
            string path = Path.Combine(
                folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds}.{number:D4}.vae"));
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
        WriteKey(content, StepField, WireType.Varint);
        content.Write7BitEncodedInt64(step);
        WriteBytes(content, SummaryField, Bytes(summary =>
        {
            foreach ((string tag, double value) in scalars)
            {
                WriteBytes(summary, ValueField, Bytes(item =>
                {
                    WriteBytes(item, TagField, Encoding.UTF8.GetBytes(tag));
                    WriteKey(item, SimpleValueField, WireType.Fixed32);
                    item.Write((float)value);
                }));
            }
        }));
    });

    /// <summary>Closes the file. Each event was flushed when written, or failed then; that failure must not be hidden by another.</summary>
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

    private void WriteEvent(Action<BinaryWriter> writeContent)
    {
        byte[] content = Bytes(writer =>
        {
            WriteKey(writer, WallTimeField, WireType.Fixed64);
            writer.Write((_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
            writeContent(writer);
        });
        try
        {
            _stream.Write(Record(content)); // one array, so that one write appends it
            _stream.Flush();
        }
        catch (IOException failure)
        {
            throw AtomicFile.Failure(_file, failure);
        }
    }

    /// <summary>Length (8 bytes), its check (4), the content, its check (4).</summary>
    private static byte[] Record(byte[] content) => Bytes(record =>
    {
        record.Write((ulong)content.Length);
        record.Write(MaskedCheck(BitConverter.GetBytes((ulong)content.Length)));
        record.Write(content);
        record.Write(MaskedCheck(content));
    });

    /// <summary>CRC-32C as record files store it: rotated and shifted, so that a check over checks is no trivial one.</summary>
    private static uint MaskedCheck(byte[] bytes) =>
        unchecked(uint.RotateRight(~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C), 15) + 0xA282EAD8);

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        write(writer);
        return bytes.ToArray();
    }

    private static void WriteKey(BinaryWriter target, int field, WireType type) => target.Write7BitEncodedInt((field << 3) | (int)type);

    private static void WriteBytes(BinaryWriter target, int field, byte[] bytes)
    {
        WriteKey(target, field, WireType.Bytes);
        target.Write7BitEncodedInt(bytes.Length);
        target.Write(bytes);
    }
}
