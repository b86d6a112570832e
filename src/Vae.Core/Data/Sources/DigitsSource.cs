namespace Vae.Core.Data.Sources;

/// <summary>
/// Labelled handwriting-like digits of 28×28, <c>digits</c>, drawn by the program itself: no file, no network, and the factors that made
/// each image (<see cref="DigitStyle"/>) are known. The same seed gives the same pixels on every machine.
/// </summary>
internal sealed record DigitsSource : DataSource
{
    public const int TrainCount = 60_000;
    public const int TestCount = 10_000;

    /// <summary>Which digits are drawn; another seed draws others of the same kind.</summary>
    public ulong Seed { get; init; } = 1;

    // On all processors. An image does not depend on how many are drawn, so there may be more than as published.
    public override ImageSet Load(DatasetPart part, DataRequest request, int? first = null)
    {
        (long major, int count) = part == DatasetPart.Train ? (0L, first ?? TrainCount) : (1L, first ?? TestCount);
        RandomStream stream = new RandomStream(Seed, RandomPurpose.Digits);
        int factorCount = DigitStyle.FactorNames.Count;
        int[] labels = new int[count];
        float[] factors = new float[count * factorCount];
        ImageShape shape = new(1, Pen.Side, Pen.Side);
        PixelStore pixels = new PixelStore(shape.PixelCount);
        pixels.Extend(count);
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = request.Stop },
            () => new DigitDrawer(),
            (i, _, drawer) =>
            {
                Span<float> row = factors.AsSpan(i * factorCount, factorCount);
                labels[i] = drawer.Draw(stream.Sequence(major, (uint)i), pixels.Writable(i), row);
                return drawer;
            },
            _ => { });
        return new ImageSet(NameOf(part), shape, pixels, labels, new FactorTable(DigitStyle.FactorNames, factors));
    }
}
