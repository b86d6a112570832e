using Vae.Core.Configuration;
using Vae.Core.Data;
using Vae.Core.Data.Sources;
using Vae.Core.Engine;
using Vae.Core.Likelihoods;

namespace Vae.Core.Composition;

/// <summary>Turns the data's configuration into images and transforms.</summary>
internal static class DataFactory
{
    /// <summary>
    /// Binarizations that are drawn once have this seed in every run, so that figures of different runs are of the same images.
    /// </summary>
    public const ulong FixedSeed = 0;

    /// <summary>Loads and splits the images.</summary>
    /// <exception cref="VaeException">As the source says; BadData when fewer images remain than validation asks for.</exception>
    /// <exception cref="OperationCanceledException">A download was stopped.</exception>
    public static DataSplits Load(DataConfiguration configuration, DataLoadContext request, CancellationToken stop)
    {
        IImageSource source = Source(configuration);
        DataLoadContext context = request with { Cancellation = stop };
        DataSplits splits = configuration.TrainImages is null
            ? source.LoadSplits(configuration.Validation, context) // knows a validation part that was published
            : DataSplitter.Split(
                First(source.Load(DatasetPart.Train, context), configuration.TrainImages),
                source.Load(DatasetPart.Test, context),
                configuration.Validation);
        return splits with { Test = First(splits.Test, configuration.TestImages) };
    }

    /// <summary>How pixels of the training images become input and target.</summary>
    /// <param name="configuration">The data's configuration.</param>
    /// <param name="target">What the likelihood wants.</param>
    /// <param name="seed">The run's seed.</param>
    public static PixelTransform TrainingTransform(DataConfiguration configuration, TargetKind target, long seed)
    {
        Binarization binarization = Binarization(configuration.Binarization);
        ulong streamSeed = binarization == Data.Binarization.Static ? FixedSeed : (ulong)seed;
        return new PixelTransform(binarization, new RandomStream(streamSeed, RandomPurpose.Binarization))
        {
            Dequantization = Noise(target, new RandomStream((ulong)seed, RandomPurpose.Dequantization)),
        };
    }

    /// <summary>How pixels of evaluated images become input and target: drawn once, the same for every run.</summary>
    /// <param name="configuration">The data's configuration.</param>
    /// <param name="target">What the likelihood wants.</param>
    public static PixelTransform EvaluationTransform(DataConfiguration configuration, TargetKind target) =>
        new(Binarization(configuration.Binarization), new RandomStream(FixedSeed, RandomPurpose.EvaluationBinarization))
        {
            Dequantization = Noise(target, new RandomStream(FixedSeed, RandomPurpose.EvaluationDequantization)),
        };

    private static RandomStream? Noise(TargetKind target, RandomStream stream) => target == TargetKind.Dequantized ? stream : null;

    private static IImageSource Source(DataConfiguration configuration)
    {
        switch (configuration.Source)
        {
            case DataSourceKind.Mnist:
                return MnistSource.Digits;
            case DataSourceKind.FashionMnist:
                return MnistSource.Fashion;
            case DataSourceKind.BinarizedMnist:
                return new BinarizedMnistSource();
            case DataSourceKind.Digits:
                DigitsSource all = new();
                return new DigitsSource
                {
                    TrainCount = configuration.TrainImages ?? all.TrainCount,
                    TestCount = configuration.TestImages ?? all.TestCount,
                };
            default:
                throw new NotSupportedException($"{configuration.Source} has no implementation.");
        }
    }

    private static ImageSet First(ImageSet images, int? limit) =>
        limit is { } count && count < images.Count ? images.Slice(0, count) : images;

    private static Binarization Binarization(BinarizationKind kind) => kind switch
    {
        BinarizationKind.None => Data.Binarization.None,
        BinarizationKind.Static => Data.Binarization.Static,
        BinarizationKind.Dynamic => Data.Binarization.Dynamic,
        BinarizationKind.Threshold => Data.Binarization.Threshold,
        _ => throw new NotSupportedException($"{kind} has no implementation."),
    };
}
