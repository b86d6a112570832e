using System.Buffers.Binary;
using System.IO.Compression;

namespace Vae.Core.Tests.Support;

/// <summary>Makes the files that readers are tested on.</summary>
public static class Bytes
{
    public static byte[] Gzip(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }

    public static byte[] Idx(int[] dimensions, byte[] content, byte type = 0x08)
    {
        var header = new byte[4 + (4 * dimensions.Length)];
        header[2] = type;
        header[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        return [.. header, .. content];
    }

    /// <summary>Bytes that do not compress to nothing and are the same each time.</summary>
    public static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
