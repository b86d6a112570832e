using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Vae.Core.Tests.Support;

/// <summary>Makes the files that readers are tested on.</summary>
public static class Bytes
{
    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream output = new MemoryStream();
        using (GZipStream gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>A gzip file with all optional fields in its header: extra bytes, name, comment and the header's checksum.</summary>
    public static byte[] WithGzipHeaderFields(byte[] gzip)
    {
        byte[] header = [.. gzip.AsSpan(0, 10), 2, 0, 9, 9, (byte)'n', 0, (byte)'c', 0];
        header[3] = 4 | 8 | 16 | 2;
        return [.. header, .. Crc32.Hash(header).AsSpan(0, 2), .. gzip.AsSpan(10)];
    }

    public static byte[] Idx(int[] dimensions, byte[] content, byte type = 0x08)
    {
        byte[] header = new byte[4 + (4 * dimensions.Length)];
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
        byte[] bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
