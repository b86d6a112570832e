namespace Vae.Benchmarks;

/// <summary>The images that both sides get.</summary>
internal static class BenchmarkImages
{
    private const int Count = 50_000;      // as many as MNIST leaves for training beside a validation part
    private const int LargeCount = 10_000; // of larger images

    /// <summary>Training images, as many as whole batches take; sides other than 28 are scaled up from there.</summary>
    public static ImageSet Load(BenchOptions options, int side, int batch)
    {
        ImageSet all = options.Data is { } folder
            ? new MnistSource().Load(DatasetPart.Train, new DataRequest { Folder = folder, Offline = true })
            : new DigitsSource().Load(DatasetPart.Train, new DataRequest(), side == 28 ? Count : LargeCount);
        int count = Math.Min(all.Count, side == 28 ? Count : LargeCount);
        ImageSet images = all.Slice(0, count - (count % batch));
        return side == images.Shape.Height ? images : Enlarge(images, side);
    }

    /// <summary>The pixels as they stand, for another process.</summary>
    public static TemporaryFile Write(ImageSet images)
    {
        TemporaryFile file = new();
        using FileStream stream = File.Create(file.Path);
        for (int i = 0; i < images.Count; i++)
        {
            stream.Write(images.Image(i));
        }

        return file;
    }

    private static ImageSet Enlarge(ImageSet images, int side)
    {
        int from = images.Shape.Height;
        PixelStore pixels = new(side * side);
        pixels.Extend(images.Count);
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<byte> image = images.Image(i);
            Span<byte> large = pixels.Writable(i);
            for (int p = 0; p < large.Length; p++)
            {
                large[p] = image[(p / side * from / side * from) + (p % side * from / side)];
            }
        }

        return new ImageSet(images.Name, new ImageShape(1, side, side), pixels);
    }
}

/// <summary>A file that is gone afterwards.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
