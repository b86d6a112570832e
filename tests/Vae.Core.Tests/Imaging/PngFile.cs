using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Vae.Core.Tests.Imaging;

/// <summary>Puts PNG files together by hand, right or wrong, from the text of the specification and without the code under test.</summary>
internal static class PngFile
{
    public const int HeaderLength = 33;

    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static byte[] Join(params byte[][] parts) => [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. parts.SelectMany(part => part)];

    public static byte[] Chunk(string type, params byte[] data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    public static byte[] Header(int width, int height, int bits, int colorType, int interlace = 0, int compression = 0, int filter = 0)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        data[8] = (byte)bits;
        data[9] = (byte)colorType;
        data[10] = (byte)compression;
        data[11] = (byte)filter;
        data[12] = (byte)interlace;
        return Chunk("IHDR", data);
    }

    public static byte[] Data(byte[] rows) => Chunk("IDAT", Zlib(rows));

    public static byte[] End() => Chunk("IEND");

    /// <summary>
    /// An ICC profile (ICC.1:2022) whose samples are in proportion to light: for colours the primaries of sRGB, adapted to D50, else grey.
    /// </summary>
    public static byte[] LinearProfile(bool colours)
    {
        const int Tags = 128, TagLength = 12, ContentLength = 20;
        (string Tag, double[]? Xyz)[] tags = colours
            ?
            [
                ("wtpt", [0.9642, 1, 0.8249]), ("rXYZ", [0.4361, 0.2225, 0.0139]), ("gXYZ", [0.3851, 0.7169, 0.0971]),
                ("bXYZ", [0.1431, 0.0606, 0.7141]), ("rTRC", null), ("gTRC", null), ("bTRC", null),
            ]
            : [("wtpt", [0.9642, 1, 0.8249]), ("kTRC", null)];
        byte[] profile = new byte[Tags + 4 + (tags.Length * (TagLength + ContentLength))];
        BinaryPrimitives.WriteInt32BigEndian(profile, profile.Length);
        BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(8), 0x04200000);
        Encoding.ASCII.GetBytes(colours ? "mntrRGB XYZ " : "mntrGRAYXYZ ", profile.AsSpan(12));
        Encoding.ASCII.GetBytes("acsp", profile.AsSpan(36));
        WriteXyz(profile.AsSpan(68), [0.9642, 1, 0.8249]);
        BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(Tags), tags.Length);
        for (int i = 0; i < tags.Length; i++)
        {
            int content = Tags + 4 + (tags.Length * TagLength) + (i * ContentLength);
            Span<byte> entry = profile.AsSpan(Tags + 4 + (i * TagLength));
            Encoding.ASCII.GetBytes(tags[i].Tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], content);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], tags[i].Xyz is null ? 12 : ContentLength);
            // A curve of no points is a straight line.
            Encoding.ASCII.GetBytes(tags[i].Xyz is null ? "curv" : "XYZ ", profile.AsSpan(content));
            WriteXyz(profile.AsSpan(content + 8), tags[i].Xyz ?? []);
        }

        return Chunk("iCCP", [.. "linear\0\0"u8, .. Zlib(profile)]);
    }

    public static byte[] Zlib(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return stream.ToArray();
    }

    /// <summary>A whole file from samples <c>[height, width, samples]</c> at the file's own bit depth, without filters.</summary>
    public static byte[] FromSamples(
        int width, int height, int bits, int colorType, int[] samples, bool interlaced = false, params byte[][] between) =>
        Join(
            [
                Header(width, height, bits, colorType, interlaced ? 1 : 0),
                .. between,
                Data(Rows(width, height, bits, samples, interlaced)),
                End(),
            ]);

    public static byte[] Rows(int width, int height, int bits, int[] samples, bool interlaced)
    {
        int perPixel = samples.Length / (width * height);
        List<byte> rows = [];
        foreach ((int startX, int startY, int stepX, int stepY) in interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            for (int y = startY; y < height && startX < width; y += stepY)
            {
                rows.Add(0);
                List<int> row = [];
                for (int x = startX; x < width; x += stepX)
                {
                    row.AddRange(samples.AsSpan(((y * width) + x) * perPixel, perPixel).ToArray());
                }

                rows.AddRange(Pack(row, bits));
            }
        }

        return [.. rows];
    }

    /// <summary>The file with the checksums of all chunks made right again, as far as its chunks can be told apart.</summary>
    public static byte[] WithChecksums(byte[] file)
    {
        byte[] mended = [.. file];
        long position = 8;
        while (position + 12 <= mended.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan((int)position));
            if (position + 12 + length > mended.Length)
            {
                break;
            }

            uint crc = Crc(mended.AsSpan((int)position + 4, (int)length + 4));
            BinaryPrimitives.WriteUInt32BigEndian(mended.AsSpan((int)(position + 8 + length)), crc);
            position += 12 + length;
        }

        return mended;
    }

    /// <summary>Numbers of 16 bits before and 16 bits after the point.</summary>
    private static void WriteXyz(Span<byte> target, double[] xyz)
    {
        for (int i = 0; i < xyz.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(target[(4 * i)..], (int)Math.Round(xyz[i] * 65536));
        }
    }

    private static IEnumerable<byte> Pack(List<int> samples, int bits)
    {
        if (bits == 16)
        {
            return samples.SelectMany(sample => new[] { (byte)(sample >> 8), (byte)sample });
        }

        return samples.Chunk(8 / bits).Select(group =>
            (byte)group.Select((sample, i) => sample << (8 - bits - (i * bits))).Sum());
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
