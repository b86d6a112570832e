using Vae.Core.Data;
using Vae.Core.Data.Formats;
using Vae.Core.Imaging;

namespace Vae.Core.Composition;

/// <summary>PNG files of one shape. Grey files serve a model of colour images, and colour files that are grey throughout one of grey images.</summary>
/// <param name="paths">The files, in the order they are read.</param>
/// <param name="shape">The shape the model wants.</param>
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
            : throw new VaeException(FailureKind.MissingInput, $"{folder}: no .png file in this folder; give a folder of images, or one file");
    }

    /// <inheritdoc/>
    public PixelStore Read(int most)
    {
        PixelStore pixels = new(shape.PixelCount);
        for (int left = Math.Min(most, paths.Count - _next); left > 0; left--)
        {
            string path = paths[_next++];
            RasterImage image = PictureReader.Read(path);
            CheckSize(image, path);
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

    private void CheckSize(RasterImage image, string path)
    {
        if (image.Width != shape.Width || image.Height != shape.Height)
        {
            throw new VaeException(
                FailureKind.BadData,
                $"{path}: {image.Width} pixels wide and {image.Height} high where the model wants {shape.Width} and {shape.Height}; resize it");
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
                throw new VaeException(FailureKind.BadData, $"{path}: in colour, but the model is of grey images; convert it to grey first");
            }

            for (int channel = 0; channel < shape.Channels; channel++)
            {
                planes[(channel * area) + i] = pixel[Math.Min(channel, pixel.Length - 1)];
            }
        }
    }
}
