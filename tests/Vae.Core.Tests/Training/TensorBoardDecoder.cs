using System.Buffers.Binary;
using System.Text;

namespace Vae.Core.Tests.Training;

/// <summary>One event of a file for TensorBoard.</summary>
internal sealed record TensorBoardEvent(double WallTime, long Step, string? FileVersion, IReadOnlyList<(string Tag, float Value)> Scalars);

/// <summary>Reads files for TensorBoard back, by the definition of their format and not by way of the writer.</summary>
internal static class TensorBoardDecoder
{
    public static IEnumerable<TensorBoardEvent> Read(byte[] file)
    {
        for (int position = 0; position < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(position));
            Assert.Equal(Masked(file.AsSpan(position, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position + 8)));
            byte[] content = file.AsSpan(position + 12, length).ToArray();
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position + 12 + length)));
            position += 16 + length;
            yield return Event(content);
        }
    }

    /// <summary>Computed bit by bit, as the definition has it.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = Crc32C(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }

    private static TensorBoardEvent Event(byte[] message)
    {
        TensorBoardEvent read = new TensorBoardEvent(0, 0, null, []);
        foreach ((int field, ulong number, byte[]? bytes) in Fields(message))
        {
            read = field switch
            {
                1 => read with { WallTime = BitConverter.UInt64BitsToDouble(number) },
                2 => read with { Step = (long)number },
                3 => read with { FileVersion = Encoding.UTF8.GetString(bytes) },
                5 => read with { Scalars = [.. Fields(bytes).Select(value => Scalar(value.Bytes))] },
                _ => throw new InvalidDataException($"field {field}"),
            };
        }

        return read;
    }

    private static (string Tag, float Value) Scalar(byte[] message)
    {
        Dictionary<int, (int Field, ulong Number, byte[] Bytes)> fields = Fields(message).ToDictionary(field => field.Field);
        return (Encoding.UTF8.GetString(fields[1].Bytes), BitConverter.UInt32BitsToSingle((uint)fields[2].Number));
    }

    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        List<(int, ulong, byte[])> fields = new List<(int, ulong, byte[])>();
        for (int position = 0; position < message.Length;)
        {
            ulong key = Varint(message, ref position);
            int size = (key & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(message, ref position),
                5 => 4,
                var type => throw new InvalidDataException($"type {type}"),
            };
            byte[] bytes = message.AsSpan(position, size).ToArray();
            position += size;
            ulong number = (key & 7) switch
            {
                0 => Varint(message, ref position),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                5 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                _ => 0UL,
            };
            fields.Add(((int)(key >> 3), number, bytes));
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int position)
    {
        ulong value = 0UL;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
