using Vae.Core.Data;
using Vae.Core.Imaging;

namespace Vae.Core.Composition;

/// <summary>Images of a user: a PNG or a folder of PNGs.</summary>
internal static class ImageInput
{
    /// <summary>All images of a file or folder.</summary>
    /// <exception cref="VaeException">MissingInput when it is not there, BadData when it is wrong or of another shape.</exception>
    public static ImageSet ReadAll(string path, ImageShape shape)
    {
        string[] files = Files(path);
        byte[] pixels = [.. files.SelectMany(file => ReadPng(file, shape))];
        return new ImageSet(path, shape, pixels);
    }

    /// <summary>The same, a limited number at a time.</summary>
    /// <exception cref="VaeException">As <see cref="ReadAll"/>.</exception>
    public static IEnumerable<ImageSet> Read(string path, ImageShape shape, int size) =>
        Files(path).Chunk(size).Select(files => new ImageSet(path, shape, [.. files.SelectMany(file => ReadPng(file, shape))]));

    private static string[] Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*.png").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new VaeException(FailureKind.MissingInput, $"{path}: no .png file in this folder");
    }

    private static byte[] ReadPng(string path, ImageShape shape)
    {
        RasterImage image = PngReader.Read(path);
        if (image.Width != shape.Width || image.Height != shape.Height || image.Channels != shape.Channels)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"{path}: is {image.Width}×{image.Height} with {image.Channels} channels; the model wants {shape.Width}×{shape.Height} with {shape.Channels}");
        }

        byte[] planar = new byte[image.Pixels.Length]; // [C, H, W] from [H, W, C]
        int area = shape.Width * shape.Height;
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            planar[((i % shape.Channels) * area) + (i / shape.Channels)] = image.Pixels[i];
        }

        return planar;
    }
}
