using Vae.Core.Data.Digits;
using Vae.Core.Engine;

namespace Vae.Core.Data.Sources;

/// <summary>
/// Labelled handwriting-like digits of 28×28, <c>digits</c>, drawn by the program itself: no file, no network, and the factors that made
/// each image are known. The same seed gives the same pixels on every machine.
/// </summary>
/// <remarks>
/// The factors of an image: <c>slant</c>, pixels to the right for each pixel upwards; <c>thickness</c>, the pen's nominal diameter in
/// pixels; <c>scale</c>, the nominal height of the writing, 1 for 20 pixels; <c>aspect</c>, its width over the usual width at that height;
/// <c>rotation</c>, radians clockwise; <c>shift_x</c> and <c>shift_y</c>, pixels to the right and downwards from the image's centre to that of the
/// writing's bounding box.
/// </remarks>
public sealed class DigitsSource : IImageSource
{
    /// <summary>Which digits are drawn; another seed draws others of the same kind.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Images in the training part. An image does not depend on how many there are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public int TrainCount { get; init => field = NotNegative(value); } = 60_000;

    /// <summary>Images in the test part. An image does not depend on how many there are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public int TestCount { get; init => field = NotNegative(value); } = 10_000;

    /// <inheritdoc/>
    public string Name => "digits";

    /// <inheritdoc/>
    public ImageShape Shape => new(1, Pen.Side, Pen.Side);

    /// <inheritdoc/>
    public int StandardValidation => 10_000;

    /// <summary>Draws one part, on all processors.</summary>
    /// <param name="part">The test part has other images than the training part.</param>
    /// <param name="context">Its cancellation stops the drawing; nothing else in it matters, for nothing is looked for.</param>
    /// <exception cref="OperationCanceledException">The drawing was stopped.</exception>
    public ImageSet Load(DatasetPart part, DataLoadContext context)
    {
        (long major, int count, string name) = part switch
        {
            DatasetPart.Train => (0L, TrainCount, "digits/train"),
            DatasetPart.Test => (1L, TestCount, "digits/test"),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
        };
        RandomStream stream = new RandomStream(Seed, RandomPurpose.Digits);
        int factorCount = DigitStyle.FactorNames.Count;
        int[] labels = new int[count];
        float[] factors = new float[count * factorCount];
        PixelStore pixels = new PixelStore(Shape.PixelCount);
        pixels.Extend(count);
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = context.Cancellation },
            () => new DigitDrawer(),
            (i, _, drawer) =>
            {
                Span<float> row = factors.AsSpan(i * factorCount, factorCount);
                labels[i] = drawer.Draw(stream.Sequence(major, (uint)i), pixels.Writable(i), row);
                return drawer;
            },
            _ => { });
        return new ImageSet(name, Shape, pixels, labels, DigitDrawer.Classes, new FactorTable(DigitStyle.FactorNames, factors));
    }

    /// <inheritdoc/>
    public DataSplits LoadSplits(int? validation, DataLoadContext context) =>
        DataSplitter.Split(Load(DatasetPart.Train, context), Load(DatasetPart.Test, context), validation ?? StandardValidation);

    private static int NotNegative(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count;
    }
}
