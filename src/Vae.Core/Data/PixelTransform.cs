using System.Buffers;

namespace Vae.Core.Data;

/// <summary>How grey values become zeros and ones.</summary>
public enum Binarization
{
    /// <summary>Not at all: value / 255.</summary>
    None,

    /// <summary>Drawn once as Bernoulli(value / 255) from the seed.</summary>
    Static,

    /// <summary>Drawn as Bernoulli(value / 255) anew each epoch.</summary>
    Dynamic,

    /// <summary>One where the value is 128 or more.</summary>
    Threshold,
}

/// <summary>What a likelihood wants to be given as the pixels of an image.</summary>
internal enum TargetKind
{
    /// <summary>0 or 1.</summary>
    Binary,

    /// <summary>value / 255 exactly, from which the likelihood finds the level 0 … 255 again.</summary>
    Levels,

    /// <summary>value / 255, as numbers of [0, 1] under a density. What it says is no probability of an image.</summary>
    UnitInterval,

    /// <summary>
    /// (value + u) / 256 with u uniform in (0, 1): under a density, the mean over u of log p(y) − P·log 256 is a lower bound of the
    /// log-probability of the 8-bit image (Theis, van den Oord and Bethge 2016, section 3.1).
    /// </summary>
    Dequantized,
}

/// <summary>
/// Turns uint8 pixels into the network's input and the likelihood's target: a pure function of the image, the epoch and the image's index
/// in its published part, so that neither batch size nor order nor the number of workers changes a pixel.
/// </summary>
/// <param name="Binarization">How grey values become zeros and ones.</param>
/// <param name="Stream">Where the draws of <see cref="Binarization.Static"/> and <see cref="Binarization.Dynamic"/> come from.</param>
internal sealed record PixelTransform(Binarization Binarization, RandomStream Stream)
{
    /// <summary>The least value that is white by <see cref="Binarization.Threshold"/>.</summary>
    public const int HalfGrey = 128;

    // Bernoulli(value / 255) as a 32-bit draw below value × (2³² − 1) / 255, which is a whole number.
    private const uint StepOfProbability = uint.MaxValue / 255;

    // Noise of 15 bits and a half: with a level's 8 bits exact in float32, its mean exactly ½, and never on the border of a level.
    private const int NoiseShift = 17;
    private const float NoiseStep = 1f / (1 << (32 - NoiseShift));

    private static readonly float[] UnitValues = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];
    private static readonly float[] ThresholdValues = [.. Enumerable.Range(0, 256).Select(value => value >= HalfGrey ? 1f : 0f)];

    /// <summary>Where the noise u of a target (value + u) / 256 comes from, anew each epoch; null: the target is the input.</summary>
    public RandomStream? Dequantization { get; init; }

    /// <summary>The input and the target of one image, both [P].</summary>
    /// <param name="image">The pixels [P].</param>
    /// <param name="epoch">The epoch; only <see cref="Binarization.Dynamic"/> and <see cref="Dequantization"/> depend on it.</param>
    /// <param name="publishedIndex">The image's index in its published part, <see cref="ImageSet.PublishedIndex"/>.</param>
    /// <param name="input">What the encoder sees [P].</param>
    /// <param name="target">What the likelihood scores [P]; may be the input's memory where it equals the input.</param>
    public void Apply(ReadOnlySpan<byte> image, long epoch, int publishedIndex, Span<float> input, Span<float> target)
    {
        switch (Binarization)
        {
            case Binarization.None or Binarization.Threshold:
                LookUp(Binarization == Binarization.None ? UnitValues : ThresholdValues, image, input);
                break;
            case Binarization.Static or Binarization.Dynamic:
                Draw(image, Binarization == Binarization.Static ? 0 : epoch, (uint)publishedIndex, input);
                break;
            default:
                throw new InvalidOperationException($"unknown binarization {Binarization}");
        }

        if (Dequantization is { } noise)
        {
            Dequantize(image, noise, epoch, (uint)publishedIndex, target);
            return;
        }

        Span<float> written = input[..image.Length];
        if (written != target[..image.Length])
        {
            written.CopyTo(target);
        }
    }

    /// <summary>The mean target of each pixel over a set, [P]; binarizations that are drawn take the draws of the first epoch.</summary>
    /// <param name="images">The images.</param>
    /// <param name="byChannel">Each pixel has the mean over its whole channel.</param>
    public float[] MeanTarget(ImageSet images, bool byChannel)
    {
        double[] sums = new double[images.Shape.PixelCount];
        float[] input = new float[sums.Length];
        float[] target = new float[sums.Length];
        for (int i = 0; i < images.Count; i++)
        {
            Apply(images.Image(i), 1, images.PublishedIndex(i), input, target);
            for (int p = 0; p < sums.Length; p++)
            {
                sums[p] += target[p];
            }
        }

        float[] mean = Array.ConvertAll(sums, sum => images.Count == 0 ? 0f : (float)(sum / images.Count));
        int pixels = byChannel ? images.Shape.Height * images.Shape.Width : 1;
        return [.. mean.Chunk(pixels).SelectMany(alike => Enumerable.Repeat((float)(alike.Sum(value => (double)value) / pixels), pixels))];
    }

    private static void LookUp(float[] values, ReadOnlySpan<byte> image, Span<float> destination)
    {
        for (int p = 0; p < image.Length; p++)
        {
            destination[p] = values[image[p]];
        }
    }

    private static void Dequantize(ReadOnlySpan<byte> image, RandomStream noise, long major, uint minor, Span<float> destination)
    {
        uint[] draws = ArrayPool<uint>.Shared.Rent(image.Length);
        noise.UniformBits(major, minor, draws.AsSpan(0, image.Length));
        for (int p = 0; p < image.Length; p++)
        {
            float u = ((draws[p] >> NoiseShift) + 0.5f) * NoiseStep;
            destination[p] = (image[p] + u) / 256f;
        }

        ArrayPool<uint>.Shared.Return(draws);
    }

    private void Draw(ReadOnlySpan<byte> image, long major, uint minor, Span<float> destination)
    {
        const int LargestOnStack = 1024;
        uint[]? rented = image.Length > LargestOnStack ? ArrayPool<uint>.Shared.Rent(image.Length) : null;
        Span<uint> draws = (rented ?? stackalloc uint[LargestOnStack])[..image.Length];
        Stream.UniformBits(major, minor, draws);
        Compare(image, draws, destination[..image.Length]);
        if (rented is not null)
        {
            ArrayPool<uint>.Shared.Return(rented);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compare(ReadOnlySpan<byte> image, ReadOnlySpan<uint> draws, Span<float> destination)
    {
        int p = 0;
        for (; p <= image.Length - Vector256<byte>.Count; p += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.Create(image[p..]);
            (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(bytes);
            (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(low);
            (Vector256<uint> third, Vector256<uint> fourth) = Vector256.Widen(high);
            CompareEight(first, draws[p..], destination[p..]);
            CompareEight(second, draws[(p + 8)..], destination[(p + 8)..]);
            CompareEight(third, draws[(p + 16)..], destination[(p + 16)..]);
            CompareEight(fourth, draws[(p + 24)..], destination[(p + 24)..]);
        }

        for (; p < image.Length; p++)
        {
            destination[p] = draws[p] < image[p] * StepOfProbability || image[p] == byte.MaxValue ? 1f : 0f;
        }
    }

    private static void CompareEight(Vector256<uint> values, ReadOnlySpan<uint> draws, Span<float> destination)
    {
        Vector256<uint> limits = values * StepOfProbability;
        Vector256<uint> ones = Vector256.LessThan(Vector256.Create(draws), limits) | Vector256.Equals(limits, Vector256<uint>.AllBitsSet);
        (ones & Vector256.Create(1f).AsUInt32()).AsSingle().CopyTo(destination);
    }
}
