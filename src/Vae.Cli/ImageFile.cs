using Vae.Core.Composition;
using Vae.Core.Data.Formats;
using Vae.Core.Engine;
using Vae.Core.Imaging;

namespace Vae.Cli;

/// <summary>Keeps images in a file: as one picture, or as an array for programs.</summary>
internal static class ImageFile
{
    /// <summary>Whether the file's ending asks for a picture.</summary>
    public static bool IsPicture(string path) => Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the images, the whole file or nothing.</summary>
    /// <param name="path">A .png or a .npz.</param>
    /// <param name="images">The images.</param>
    /// <param name="columns">Images in a row of the picture; null takes what the images ask for, or what suits their number.</param>
    public static void Write(string path, ImageRows images, int? columns = null) =>
        AtomicFile.Write(path, IsPicture(path) ? Picture(images, columns) : Array(images));

    private static Action<Stream> Picture(ImageRows images, int? columns)
    {
        (int channels, int height, int width) = (images.Shape.Channels, images.Shape.Height, images.Shape.Width);
        var layout = new ImageGridOptions { Columns = columns ?? images.Columns, Scale = ImageGrid.ReadableScale(height, width) };
        RasterImage picture = ImageGrid.Tile(images.Pixels, images.Count, channels, height, width, layout);
        return file => PngWriter.Write(file, picture);
    }

    private static Action<Stream> Array(ImageRows images) => file =>
    {
        using var archive = new NpzWriter(file);
        archive.AddColumn("images", NpyType.Float32, images.Shape.Channels, images.Shape.Height, images.Shape.Width).Append(images.Pixels);
        archive.Complete();
    };
}
