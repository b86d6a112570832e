namespace Vae.Core.Verbs;

/// <summary>
/// Images of a user: a PNG, a folder of them, IDX (also compressed), NPY, or the array "images" of an NPZ. What a file is, its content
/// says, not its name.
/// </summary>
internal static class ImageInput
{
    private const string ArrayName = "images";

    /// <summary>All images of a file or folder.</summary>
    /// <exception cref="VaeException">MissingInput when it is not there, BadData when it is wrong or of another shape.</exception>
    public static ImageSet ReadAll(string path, ImageShape shape)
    {
        using IImageReader reader = Open(path, shape);
        return new ImageSet(path, shape, reader.Read(int.MaxValue));
    }

    /// <summary>The same, a limited number at a time. An image's published index is its place in the file or folder.</summary>
    /// <exception cref="VaeException">As <see cref="ReadAll"/>.</exception>
    public static IEnumerable<ImageSet> Read(string path, ImageShape shape, int size)
    {
        using IImageReader reader = Open(path, shape);
        int first = 0;
        for (PixelStore pixels; (pixels = reader.Read(size)).Count > 0; first += pixels.Count)
        {
            yield return new ImageSet(path, shape, pixels, published: [.. Enumerable.Range(first, pixels.Count)]);
        }
    }

    private static IImageReader Open(string path, ImageShape shape)
    {
        if (Directory.Exists(path))
        {
            return PngFiles.InFolder(path, shape);
        }

        Span<byte> start = stackalloc byte[4];
        using (FileStream file = InputFile.Open(path))
        {
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        return start switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G'] => new PngFiles([path], shape),
            [0x93, (byte)'N', (byte)'U', (byte)'M'] => Checked(NpyFormat.OpenImages(InputFile.Open(path), path), path, shape),
            [(byte)'P', (byte)'K', ..] => Checked(NpzReader.OpenImages(path, ArrayName), path, shape),
            [0x1F, 0x8B, ..] or [0, 0, ..] => Checked(IdxReader.OpenImages(path), path, shape),
            _ => throw InputFile.Bad(path, "no image file that is read here; give a PNG, a folder of them, IDX (also .gz), NPY or NPZ"),
        };
    }

    private static ImageStream Checked(ImageStream stream, string path, ImageShape shape)
    {
        if (stream.Shape == shape)
        {
            return stream;
        }

        stream.Dispose();
        throw InputFile.Bad(
            path, $"images of {stream.Shape} where the model wants {shape} (channels x height x width); resize or convert them");
    }
}

/// <summary>
/// PNG files of the shape the model wants, read in their order. Grey files serve a model of colour images, and colour files that are grey
/// throughout one of grey images.
/// </summary>
internal sealed class PngFiles(IReadOnlyList<string> paths, ImageShape shape) : IImageReader
{
    private int _next;

    /// <summary>All .png files of a folder, sorted by name.</summary>
    /// <exception cref="VaeException">MissingInput where there is none.</exception>
    public static PngFiles InFolder(string folder, ImageShape shape)
    {
        // Names that begin with a dot are hidden: what other systems leave beside files is no image.
        string[] files = [.. List(folder)
            .Where(path => Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase) && Path.GetFileName(path)[0] != '.')
            .Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? new PngFiles(files, shape)
            : throw new VaeException(
                FailureKind.MissingInput, $"{folder}: no .png file in this folder; give a folder of images, or one file");
    }

    public PixelStore Read(int most)
    {
        PixelStore pixels = new(shape.PixelCount);
        for (int left = Math.Min(most, paths.Count - _next); left > 0; left--)
        {
            string path = paths[_next++];
            RasterImage image = PictureReader.Read(path);
            if (image.Width != shape.Width || image.Height != shape.Height)
            {
                throw InputFile.Bad(
                    path,
                    $"{image.Width} pixels wide and {image.Height} high where the model wants {shape.Width} and {shape.Height}; resize it");
            }

            pixels.Extend(1);
            CopyPlanes(image, path, pixels.Writable(pixels.Count - 1));
        }

        return pixels;
    }

    public void Dispose()
    {
    }

    private static string[] List(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new VaeException(FailureKind.MissingInput, $"{folder}: cannot be read, permission denied", exception);
        }
    }

    /// <summary>[C, H, W] from [H, W, c].</summary>
    private void CopyPlanes(RasterImage image, string path, Span<byte> planes)
    {
        int area = shape.Width * shape.Height;
        for (int i = 0; i < area; i++)
        {
            ReadOnlySpan<byte> pixel = image.Pixels.AsSpan(i * image.Channels, image.Channels);
            if (shape.Channels < pixel.Length && pixel.ContainsAnyExcept(pixel[0]))
            {
                throw InputFile.Bad(path, "in colour, but the model is of grey images; convert it to grey first");
            }

            for (int channel = 0; channel < shape.Channels; channel++)
            {
                planes[(channel * area) + i] = pixel[Math.Min(channel, pixel.Length - 1)];
            }
        }
    }
}
