using Vae.Core.Composition;
using Vae.Core.Data;
using Vae.Core.Imaging;

namespace Vae.Cli;

/// <summary>Gathers images for one picture, a byte a sample. Its size is checked before the first image is made.</summary>
/// <param name="columns">Images in a row; null takes what the images ask for, or what suits their number.</param>
internal sealed class PictureWriter(int? columns) : IImageWriter
{
    private ImageLayout? _layout;
    private ImageGridOptions _options = new();
    private byte[] _pixels = [];
    private int _written;

    public void Begin(ImageLayout layout)
    {
        ImageShape shape = layout.Shape;
        _layout = layout;
        _options = new ImageGridOptions { Columns = columns ?? layout.Columns, Scale = ImageGrid.ReadableScale(shape.Height, shape.Width) };
        _ = ImageGrid.Size(layout.Count, shape.Channels, shape.Height, shape.Width, _options);
        _pixels = new byte[layout.Count * shape.PixelCount];
    }

    public void Write(ReadOnlySpan<float> pixels)
    {
        ImageGrid.ToBytes(pixels, _pixels.AsSpan(_written, pixels.Length));
        _written += pixels.Length;
    }

    public RasterImage Tile()
    {
        ImageShape shape = _layout!.Shape;
        return ImageGrid.Tile(_pixels, _layout.Count, shape.Channels, shape.Height, shape.Width, _options);
    }
}
