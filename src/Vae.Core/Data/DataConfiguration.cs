namespace Vae.Core.Data;

/// <summary>The images of a run.</summary>
internal sealed record DataConfiguration
{
    /// <summary>As 28×28 bytes they still fit into one array.</summary>
    private const int MostImages = 2_000_000;

    // Binarizations that are drawn once have this seed in every run, so that figures of different runs are of the same images.
    private const ulong FixedSeed = 0;

    public required DataSource Source { get; init; }
    public Binarization Binarization { get; init; } = Binarization.Dynamic;
    public int Validation { get; init; } = 10_000;
    public int? TrainImages { get; init; }
    public int? TestImages { get; init; }

    public static DataConfiguration Map(ConfigurationVisitor visitor, DataConfiguration value) => value with
    {
        Source = visitor.Variant("source", value.Source, DataSource.Kinds, "where the images come from", required: true),
        Binarization = visitor.Choice("binarization", value.Binarization, "how grey pixels become binary targets"),
        Validation = visitor.Integer(
            "validation", value.Validation, 0, MostImages, "images held back from the end of the training part; 0 for none"),
        TrainImages = visitor.OptionalInteger(
            "train_images", value.TrainImages, 1, MostImages, "use only the first so many images of the training part, with validation"),
        TestImages = visitor.OptionalInteger(
            "test_images", value.TestImages, 1, MostImages, "use only the first so many images of the test part"),
    };

    public IEnumerable<ConfigurationError> Check(string path)
    {
        if (TrainImages is { } images && Validation >= images)
        {
            yield return new(
                $"{path}.validation",
                $"expected fewer than data.train_images ({images}), found {Validation}: no image is left to train on");
        }
    }

    /// <summary>Loads and divides the images.</summary>
    /// <exception cref="VaeException">As the source says; BadData when fewer images remain than validation asks for.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public DataSplits Load(DataRequest request, CancellationToken stop) =>
        Source.LoadSplits(Validation, request with { Stop = stop }, TrainImages, TestImages);

    /// <summary>How pixels of the training images become input and target, in a run of the given seed.</summary>
    public PixelTransform TrainingTransform(TargetKind target, long seed) => Transform(
        target,
        new RandomStream(Binarization == Binarization.Static ? FixedSeed : (ulong)seed, RandomPurpose.Binarization),
        new RandomStream((ulong)seed, RandomPurpose.Dequantization));

    /// <summary>How pixels of evaluated images become input and target: drawn once, the same for every run.</summary>
    public PixelTransform EvaluationTransform(TargetKind target) => Transform(
        target,
        new RandomStream(FixedSeed, RandomPurpose.EvaluationBinarization),
        new RandomStream(FixedSeed, RandomPurpose.EvaluationDequantization));

    private PixelTransform Transform(TargetKind target, RandomStream binarization, RandomStream dequantization) =>
        new(Binarization, binarization) { Dequantization = target == TargetKind.Dequantized ? dequantization : null };
}

/// <summary>What images are used for.</summary>
public enum Split
{
    /// <summary>Fitting the weights.</summary>
    Train,

    /// <summary>Choosing the best checkpoint.</summary>
    Validation,

    /// <summary>The final figures.</summary>
    Test,
}

/// <summary>A data set divided for use.</summary>
internal sealed record DataSplits(ImageSet Train, ImageSet Validation, ImageSet Test)
{
    /// <summary>
    /// Takes the last <paramref name="validation"/> images of the published training part for validation (for MNIST and 10,000 this is the
    /// usual division into 50,000, 10,000 and 10,000).
    /// </summary>
    /// <exception cref="VaeException"><see cref="FailureKind.BadData"/> where too few images would be left to train on.</exception>
    public static DataSplits Divide(ImageSet train, ImageSet test, int validation)
    {
        int kept = train.Count - validation;
        return kept > 0 && validation >= 0
            ? new DataSplits(train.Slice(0, kept), train.Slice(kept, validation), test)
            : throw new VaeException(
                FailureKind.BadData,
                $"data.validation: {validation} images cannot be set aside from the {train.Count} of {train.Name}; "
                + $"choose 0 to {train.Count - 1}");
    }

    /// <summary>The images of one split.</summary>
    public ImageSet Of(Split split) => split switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        Split.Test => Test,
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, null),
    };
}
