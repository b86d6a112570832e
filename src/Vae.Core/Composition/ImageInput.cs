using Vae.Core.Data;
using Vae.Core.Data.Formats;

namespace Vae.Core.Composition;

/// <summary>
/// Images of a user: a PNG, a folder of them, IDX (also compressed), NPY, or the array "images" of an NPZ. What a file is, its content says,
/// not its name.
/// </summary>
internal static class ImageInput
{
    private const string ArrayName = "images";

    /// <summary>All images of a file or folder.</summary>
    /// <exception cref="VaeException">MissingInput when it is not there, BadData when it is wrong or of another shape.</exception>
    public static ImageSet ReadAll(string path, ImageShape shape)
    {
        using Opened input = Open(path, shape);
        return new ImageSet(path, shape, input.Reader.Read(int.MaxValue));
    }

    /// <summary>The same, a limited number at a time. An image's published index is its place in the file or folder.</summary>
    /// <exception cref="VaeException">As <see cref="ReadAll"/>.</exception>
    public static IEnumerable<ImageSet> Read(string path, ImageShape shape, int size)
    {
        using Opened input = Open(path, shape);
        int first = 0;
        for (PixelStore pixels; (pixels = input.Reader.Read(size)).Count > 0; first += pixels.Count)
        {
            yield return new ImageSet(path, shape, pixels, published: [.. Enumerable.Range(first, pixels.Count)]);
        }
    }

    private static Opened Open(string path, ImageShape shape)
    {
        if (Directory.Exists(path))
        {
            return new Opened(PngFiles.InFolder(path, shape));
        }

        switch (Kind(path))
        {
            case FileKind.Png:
                return new Opened(new PngFiles([path], shape));
            case FileKind.Npy:
                return new Opened(Checked(NpyReader.OpenImages(InputFile.Open(path), path), path, shape));
            case FileKind.Npz:
                NpzReader archive = NpzReader.Open(path);
                return new Opened(Checked(archive.OpenImages(ArrayName), path, shape), archive);
            case FileKind.Idx:
                return new Opened(Checked(IdxReader.OpenImages(path), path, shape));
            default:
                throw InputFile.Bad(path, "no image file that is read here; give a PNG, a folder of them, IDX (also .gz), NPY or NPZ");
        }
    }

    private static ImageStream Checked(ImageStream stream, string path, ImageShape shape)
    {
        if (stream.Shape == shape)
        {
            return stream;
        }

        stream.Dispose();
        throw InputFile.Bad(path, $"images of {stream.Shape} where the model wants {shape} (channels x height x width); resize or convert them");
    }

    private static FileKind Kind(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using FileStream file = InputFile.Open(path);
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read] switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G'] => FileKind.Png,
            [0x93, (byte)'N', (byte)'U', (byte)'M'] => FileKind.Npy,
            [(byte)'P', (byte)'K', ..] => FileKind.Npz,
            [0x1F, 0x8B, ..] or [0, 0, ..] => FileKind.Idx,
            _ => FileKind.Unknown,
        };
    }

    private enum FileKind
    {
        Unknown,
        Png,
        Npy,
        Npz,
        Idx,
    }

    /// <summary>A reader, with the archive it reads from where there is one.</summary>
    private sealed record Opened(IImageReader Reader, IDisposable? Archive = null) : IDisposable
    {
        public void Dispose()
        {
            Reader.Dispose();
            Archive?.Dispose();
        }
    }
}
