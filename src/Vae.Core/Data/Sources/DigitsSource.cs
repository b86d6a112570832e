using Vae.Core.Data.Digits;
using Vae.Core.Engine;

namespace Vae.Core.Data.Sources;

/// <summary>
/// Labelled handwriting-like digits of 28×28, <c>digits</c>, drawn by the program itself: no file, no network, and the factors that made each
/// image are known. The same seed gives the same pixels on every machine.
/// </summary>
public sealed class DigitsSource : IImageSource
{
    private const int ImagesAtOnce = 256;

    /// <summary>Which digits are drawn; another seed draws others of the same kind.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Images in the training part.</summary>
    public int TrainCount { get; init; } = 60_000;

    /// <summary>Images in the test part.</summary>
    public int TestCount { get; init; } = 10_000;

    /// <inheritdoc/>
    public string Name => "digits";

    /// <inheritdoc/>
    public ImageShape Shape => new(1, DigitRenderer.Size, DigitRenderer.Size);

    /// <inheritdoc/>
    public int StandardValidation => 10_000;

    /// <inheritdoc/>
    public ImageSet Load(DatasetPart part, DataLoadContext context)
    {
        int count = part == DatasetPart.Train ? TrainCount : TestCount;
        var pixels = new PixelStore(Shape.PixelCount);
        pixels.Extend(count);
        var labels = new int[count];
        var factors = new float[count * Hand.FactorNames.Length];
        var options = new ParallelOptions { CancellationToken = context.Cancellation };
        Parallel.For(0, (count + ImagesAtOnce - 1) / ImagesAtOnce, options, block =>
        {
            var renderer = new DigitRenderer(new RandomStream(Seed, RandomPurpose.Digits));
            int end = Math.Min(count, (block + 1) * ImagesAtOnce);
            for (int i = block * ImagesAtOnce; i < end; i++)
            {
                Span<float> row = factors.AsSpan(i * Hand.FactorNames.Length, Hand.FactorNames.Length);
                labels[i] = renderer.Draw((int)part, i, pixels.Writable(i), row);
            }
        });
        string name = part == DatasetPart.Train ? "digits/train" : "digits/test";
        return new ImageSet(name, Shape, pixels, labels, Glyph.ByDigit.Length, new FactorTable(Hand.FactorNames, factors));
    }

    /// <inheritdoc/>
    public DataSplits LoadSplits(int? validation, DataLoadContext context) =>
        DataSplitter.Split(Load(DatasetPart.Train, context), Load(DatasetPart.Test, context), validation ?? StandardValidation);
}
