using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Vae.Cli.Tests;

/// <summary>The test split of <see cref="Configurations.Tiny"/>, as files in every format that verbs read.</summary>
internal static class TestImages
{
    public const int Count = 128;
    public const int Side = 28;

    public static ImageSet All { get; } = new DigitsSource().Load(DatasetPart.Test, new DataRequest(), Count);

    public static byte[] Pixels => [.. Enumerable.Range(0, Count).SelectMany(index => All.Image(index).ToArray())];

    public static byte[] Idx => [.. IdxHeader(Count), .. Pixels];

    public static byte[] IdxHeader(int count)
    {
        byte[] header = [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, Side, 0, 0, 0, Side];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), count);
        return header;
    }

    /// <summary>Writes the images as a folder or a file of the given kind and returns its path.</summary>
    public static string Write(TemporaryFolder folder, string kind)
    {
        string path = folder.At(kind);
        switch (kind)
        {
            case "pngs":
                Directory.CreateDirectory(path);
                for (int i = 0; i < Count; i++)
                {
                    // Endings in either case, as cameras and other systems give them.
                    string name = string.Create(CultureInfo.InvariantCulture, $"{i:000}.{(i % 2 == 0 ? "png" : "PNG")}");
                    WritePng(Path.Combine(path, name), i);
                }

                break;
            case "images.idx":
                File.WriteAllBytes(path, Idx);
                break;
            case "images.idx.gz":
                using (GZipStream gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
                {
                    gzip.Write(Idx);
                }

                break;
            case "images.npy":
                using (FileStream file = File.Create(path))
                {
                    NpyWriter.Write<byte>(file, Pixels, Count, Side, Side);
                }

                break;
            case "channels.npy":
                using (FileStream file = File.Create(path))
                {
                    NpyWriter.Write<byte>(file, Pixels, Count, 1, Side, Side);
                }

                break;
            case "images.npz":
                using (FileStream file = File.Create(path))
                using (NpzWriter archive = new NpzWriter(file))
                {
                    archive.AddColumn("images", NpyType.UInt8, Side, Side).Append(Pixels);
                    archive.Complete();
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }

        return path;
    }

    /// <summary>Writes one image, with more than one channel where asked for.</summary>
    public static string WritePng(string path, int index, int channels = 1)
    {
        byte[] pixels = [.. All.Image(index).ToArray().SelectMany(value => Enumerable.Repeat(value, channels))];
        File.WriteAllBytes(path, PngWriter.Encode(new RasterImage(Side, Side, channels, pixels)));
        return path;
    }
}
