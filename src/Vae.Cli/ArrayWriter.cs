using Vae.Core.Composition;
using Vae.Core.Data;
using Vae.Core.Data.Formats;

namespace Vae.Cli;

/// <summary>Images as one array of an archive, in constant memory.</summary>
internal sealed class ArrayWriter(NpzWriter archive) : IImageWriter
{
    private NpzColumn? _images;

    /// <summary>Begins an array [N, C, H, W] of float32.</summary>
    public static NpzColumn AddImages(NpzWriter archive, string name, ImageShape shape) =>
        archive.AddColumn(name, NpyType.Float32, shape.Channels, shape.Height, shape.Width);

    public void Begin(ImageLayout layout) => _images = AddImages(archive, "images", layout.Shape);

    public void Write(ReadOnlySpan<float> pixels) => _images!.Append(pixels);
}
