namespace Vae.Core.Data.Formats;

/// <summary>Images that are read one after the other.</summary>
internal interface IImageReader : IDisposable
{
    /// <summary>The next images, fewer where fewer are left, none after the last; what the file says is verified by then.</summary>
    /// <param name="most">How many at most.</param>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where the file is wrong.</exception>
    PixelStore Read(int most);
}

/// <summary>
/// The images of a file whose header has been read, uint8 pixels [C, H, W] image after image, in memory no more than are asked for at a
/// time. With the last image the true length is verified, and whatever the stream itself verifies where it ends.
/// </summary>
/// <param name="stream">The stream at the first pixel; it is taken over.</param>
/// <param name="place">What the stream is, for messages.</param>
/// <param name="shape">The shape of each image.</param>
/// <param name="count">Images announced.</param>
/// <param name="announced">All sizes as the header has them, for messages.</param>
/// <param name="start">Bytes before the first pixel.</param>
internal sealed class ImageStream(Stream stream, string place, ImageShape shape, int count, string announced, long start = 0) : IImageReader
{
    private const int LargestImage = 1 << 26;

    private int _left = count;
    private long _position = start;

    public ImageShape Shape => shape;

    /// <summary>The shape that sizes [H, W] or [C, H, W] mean.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where it is empty or too large to be an image.</exception>
    public static ImageShape ShapeOf(string place, long[] sizes)
    {
        long pixels = sizes.Aggregate(1L, (product, size) => Math.Min(product * Math.Min(size, LargestImage + 1L), LargestImage + 1L));
        if (pixels is < 1 or > LargestImage)
        {
            throw InputFile.Bad(
                place,
                $"images of {string.Join('x', sizes)} are announced; the smallest have 1 pixel, the largest that are read {LargestImage}");
        }

        return sizes.Length == 2
            ? new ImageShape(1, (int)sizes[0], (int)sizes[1])
            : new ImageShape((int)sizes[0], (int)sizes[1], (int)sizes[2]);
    }

    public PixelStore Read(int most)
    {
        PixelStore pixels = new PixelStore(shape.PixelCount);
        if (_left == 0)
        {
            return pixels;
        }

        int wanted = Math.Min(most, _left);
        long read = InputFile.Read(place, () => pixels.Append(stream, wanted));
        _left -= wanted;
        _position += read;
        if (read < (long)wanted * shape.PixelCount)
        {
            throw InputFile.Bad(place, $"at byte {_position}: the file ends where the header announces {announced} bytes of pixels");
        }

        if (_left == 0 && InputFile.Read(place, stream.ReadByte) >= 0)
        {
            throw InputFile.Bad(place, $"at byte {_position}: more bytes follow than the {announced} that the header announces");
        }

        return pixels;
    }

    public void Dispose() => stream.Dispose();
}
