using System.Buffers.Binary;
using System.Text;

namespace Vae.Core.Tests.Runs;

/// <summary>Builds safetensors files by hand, right and wrong ones, without the writer that is under test elsewhere.</summary>
internal static class SafetensorsBytes
{
    /// <summary>Length, header, data, as the format lays them out.</summary>
    public static byte[] Of(string header, int dataBytes = 0) => Of(Encoding.UTF8.GetBytes(header), dataBytes);

    public static byte[] Of(byte[] header, int dataBytes = 0)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. Enumerable.Range(0, dataBytes).Select(i => (byte)i)];
    }

    public static SafetensorsFile Read(byte[] bytes) => SafetensorsFile.Read("FILE", new MemoryStream(bytes));

    public static byte[] Write(IReadOnlyList<SafetensorsTensor> tensors, params (string Key, string Value)[] metadata)
    {
        using MemoryStream stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata.ToDictionary(pair => pair.Key, pair => pair.Value));
        return stream.ToArray();
    }

    /// <summary>Some bytes that no other tensor of a test has.</summary>
    public static byte[] Data(int count, int start = 0) => [.. Enumerable.Range(start, count).Select(i => (byte)i)];
}
