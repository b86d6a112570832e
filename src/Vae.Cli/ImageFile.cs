using Vae.Core.Composition;
using Vae.Core.Data.Formats;
using Vae.Core.Engine;
using Vae.Core.Imaging;

namespace Vae.Cli;

/// <summary>Keeps images in a file: as one picture, or as arrays for programs. The file is written whole or not at all.</summary>
internal static class ImageFile
{
    /// <summary>Whether the file's ending asks for a picture.</summary>
    public static bool IsPicture(string path) => Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes images as they are made. That the file can be made is known before the work begins.</summary>
    /// <param name="path">A .png, or a .npz for an array "images" [N, C, H, W] of float32.</param>
    /// <param name="columns">Images in a row of the picture; null takes what the images ask for, or what suits their number.</param>
    /// <param name="make">Makes the images.</param>
    public static void Write(string path, int? columns, Action<IImageWriter> make) => AtomicFile.Write(path, file =>
    {
        if (IsPicture(path))
        {
            PictureWriter picture = new PictureWriter(columns);
            make(picture);
            PngWriter.Write(file, picture.Tile());
        }
        else
        {
            using NpzWriter archive = new NpzWriter(file);
            make(new ArrayWriter(archive));
            archive.Complete();
        }
    });

    /// <summary>Writes pairs of images: one picture of rows over rows, or the arrays "originals" and "reconstructions".</summary>
    /// <param name="path">A .png or a .npz.</param>
    /// <param name="columns">Pairs in a row of the picture; null takes what suits their number.</param>
    /// <param name="make">Makes the images.</param>
    public static void WritePairs(string path, int? columns, Func<ReconstructedImages> make)
    {
        if (IsPicture(path))
        {
            Write(path, null, picture => DrawPairs(picture, make(), columns));
            return;
        }

        AtomicFile.Write(path, file =>
        {
            ReconstructedImages pairs = make();
            using NpzWriter archive = new NpzWriter(file);
            ArrayWriter.AddImages(archive, "originals", pairs.Shape).Append(pairs.Originals);
            ArrayWriter.AddImages(archive, "reconstructions", pairs.Shape).Append(pairs.Reconstructions);
            archive.Complete();
        });
    }

    private static void DrawPairs(IImageWriter picture, ReconstructedImages pairs, int? wanted)
    {
        int columns = Math.Min(pairs.Count, wanted ?? ImagePairs.ColumnsFor(pairs.Count));
        float[] rows = ImagePairs.Arrange(pairs.Originals, pairs.Reconstructions, pairs.Shape.PixelCount, columns);
        picture.Begin(new ImageLayout(pairs.Shape, rows.Length / pairs.Shape.PixelCount, columns));
        picture.Write(rows);
    }
}
