namespace Vae.Core.Data;

/// <summary>
/// A set's pixels on a device, copied there once as uint8; batches are gathered and made inputs and targets of there. It does what
/// <see cref="PixelTransform"/> does, with draws of the device's own.
/// </summary>
internal sealed class ResidentImages : IDisposable
{
    /// <summary>The most pixels that are kept on a device, 4 GiB.</summary>
    public const long LargestBytes = 4L << 30;

    private const int ImagesPerCopy = 4096;

    // As coarse as the host's noise: 15 bits and a half.
    private const double NoiseLevels = 1 << 15;

    private readonly Tensor _pixels; // [N, P] uint8
    private readonly Binarization _binarization;
    private readonly bool _dequantize;
    private readonly int[] _published;      // the index of each in the published part
    private readonly (Tensor Categories, Tensor Values)? _condition; // of all

    /// <summary>Copies the images to the device.</summary>
    /// <exception cref="ArgumentException">They do not <see cref="Fit"/>.</exception>
    public ResidentImages(ImageSet images, PixelTransform transform, Device device)
    {
        if (!Fit(images, transform))
        {
            throw new ArgumentException($"{images.Name} is not for a device", nameof(images));
        }

        _binarization = transform.Binarization;
        _dequantize = transform.Dequantization is not null;
        int[] all = BatchOrder.Sequential(images.Count);
        _published = Array.ConvertAll(all, images.PublishedIndex);
        using DisposeScope scope = NewDisposeScope();
        _pixels = Upload(images, transform, device).DetachFromDisposeScope();
        if (images.ConditionOf(all, device) is { } condition)
        {
            _condition = (condition.Categories.DetachFromDisposeScope(), condition.Values.DetachFromDisposeScope());
        }
    }

    public int Count => _published.Length;

    public Device Device => _pixels.device;

    /// <summary>Whether a set may be kept on a device: not too large, and not binarized once while its targets need grey pixels.</summary>
    public static bool Fit(ImageSet images, PixelTransform transform) =>
        (long)images.Count * images.Shape.PixelCount <= LargestBytes
        && !(transform.Binarization == Binarization.Static && transform.Dequantization is not null);

    /// <summary>A batch, by draws from the device's default generator.</summary>
    /// <param name="indices">Which images, [B] int64 on the device.</param>
    /// <param name="onHost">The same, for whoever needs to know.</param>
    public Batch Load(Tensor indices, ReadOnlySpan<int> onHost)
    {
        Tensor grey = _pixels.index_select(0, indices).to_type(ScalarType.Float32); // [B, P]
        Tensor input = _binarization switch
        {
            Binarization.None => grey / 255f,
            Binarization.Threshold => grey.ge(PixelTransform.HalfGrey).to_type(ScalarType.Float32),
            Binarization.Static => grey, // zeros and ones already
            Binarization.Dynamic => rand(grey.shape, ScalarType.Float32, grey.device).mul_(255).lt(grey).to_type(ScalarType.Float32),
            _ => throw new InvalidOperationException($"unknown binarization {_binarization}"),
        };
        return new Batch(input, _dequantize ? Dequantized(grey) : input, Array.ConvertAll(onHost.ToArray(), index => _published[index]))
        {
            Condition = _condition is { } all
                ? new Condition(() => all.Categories.index_select(0, indices), () => all.Values.index_select(0, indices))
                : null,
        };
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _condition?.Categories.Dispose();
        _condition?.Values.Dispose();
    }

    private static Tensor Dequantized(Tensor grey)
    {
        Tensor noise = rand(grey.shape, ScalarType.Float32, grey.device).mul_(NoiseLevels).floor_().add_(0.5).div_(NoiseLevels);
        return (grey + noise) / 256f;
    }

    private static Tensor Upload(ImageSet images, PixelTransform transform, Device device)
    {
        int length = images.Shape.PixelCount;
        Tensor pixels = empty(images.Count, length, ScalarType.Byte, device);
        for (int start = 0; start < images.Count; start += ImagesPerCopy)
        {
            using DisposeScope scope = NewDisposeScope();
            int count = Math.Min(ImagesPerCopy, images.Count - start);
            Tensor part = empty(count, length, ScalarType.Byte);
            Span<byte> bytes = TensorMemory.BytesOf(part);
            for (int i = 0; i < count; i++)
            {
                Write(images, transform, start + i, bytes.Slice(i * length, length));
            }

            pixels.narrow(0, start, count).copy_(part);
        }

        return pixels;
    }

    // A binarization that is drawn once is drawn here, as on the CPU.
    private static void Write(ImageSet images, PixelTransform transform, int index, Span<byte> destination)
    {
        ReadOnlySpan<byte> image = images.Image(index);
        if (transform.Binarization != Binarization.Static)
        {
            image.CopyTo(destination);
            return;
        }

        float[] drawn = new float[image.Length];
        transform.Apply(image, 0, images.PublishedIndex(index), drawn, drawn);
        for (int p = 0; p < drawn.Length; p++)
        {
            destination[p] = (byte)drawn[p];
        }
    }
}
