using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Vae.Core.Runs;

/// <summary>What a checkpoint says about itself.</summary>
internal sealed record CheckpointHeader
{
    /// <summary>
    /// The format that is written: 3, whose progress has the sums of an epoch under way by the names of their figures. Format 2 has three
    /// sums of its own names, and format 1 the same of earlier libraries, under which a run cannot go on bit for bit.
    /// </summary>
    public const int CurrentFormat = 3;

    /// <summary>The format it has, from 1 to <see cref="CurrentFormat"/>.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The run's whole configuration as JSON.</summary>
    public required string Configuration { get; init; }

    /// <summary>Shape of the images the model was built for.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>Where the run stands.</summary>
    public required TrainingProgress Progress { get; init; }

    /// <summary>The seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>The version of the program that wrote it.</summary>
    public required string ToolVersion { get; init; }
}

/// <summary>Where a run stands: with weights, optimizer state and configuration, all that is needed to continue it bit for bit.</summary>
internal sealed record TrainingProgress
{
    /// <summary>Whole epochs done.</summary>
    public int Epoch { get; init; }

    /// <summary>Updates done since the run began.</summary>
    public long Step { get; init; }

    /// <summary>Updates done in the epoch under way.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Images seen in the epoch under way.</summary>
    public long Images { get; init; }

    /// <summary>Sums over those images for each figure, by its name; empty before the first step.</summary>
    public IReadOnlyDictionary<string, double[]> Sums { get; init; } = ReadOnlyDictionary<string, double[]>.Empty;

    /// <summary>The epoch with the best ELBO so far, 0 for none.</summary>
    public int BestEpoch { get; init; }

    /// <summary>That ELBO, in nats per image.</summary>
    public double? BestElbo { get; init; }

    /// <summary>KL(q(z|x)‖p(z)) of each latent dimension at the end of the last whole epoch, in nats, [D]; empty before.</summary>
    public IReadOnlyList<double> KlPerDimension { get; init; } = [];

    /// <summary>Times the run went back after a divergence; each halved the learning rate.</summary>
    public int Rewinds { get; init; }

    /// <summary>Epochs since the best one, those not counted in which β changed.</summary>
    public int StaleEpochs { get; init; }

    /// <summary>Epochs without a better ELBO since the learning rate last fell for that.</summary>
    public int PlateauEpochs { get; init; }

    /// <summary>Times the learning rate fell for that.</summary>
    public int RateReductions { get; init; }
}

/// <summary>A checkpoint's header as the texts of __metadata__.</summary>
/// <param name="metadata">The texts by name.</param>
/// <param name="path">The file they are of, for messages.</param>
internal sealed class CheckpointMetadata(IReadOnlyDictionary<string, string> metadata, string path)
{
    private const string Configuration = "vae.configuration";
    private const string Epoch = "vae.epoch";
    private const string Format = "vae.format";
    private const string Progress = "vae.progress";
    private const string Seed = "vae.seed";
    private const string Shape = "vae.shape";
    private const string Step = "vae.step";
    private const string Version = "vae.version";

    /// <summary>Far above any image that a model here is trained on.</summary>
    private const long LargestImage = 1 << 26;

    /// <summary>The texts by name. Epoch and step stand in them twice: the second time for people.</summary>
    public static Dictionary<string, string> Write(CheckpointHeader header) => new()
    {
        ["format"] = "pt",
        [Format] = header.Format.ToString(CultureInfo.InvariantCulture),
        [Version] = header.ToolVersion,
        [Configuration] = header.Configuration,
        [Shape] = JsonSerializer.Serialize(
            [header.Shape.Channels, header.Shape.Height, header.Shape.Width], RunJson.Default.Int32Array),
        [Seed] = header.Seed.ToString(CultureInfo.InvariantCulture),
        [Epoch] = header.Progress.Epoch.ToString(CultureInfo.InvariantCulture),
        [Step] = header.Progress.Step.ToString(CultureInfo.InvariantCulture),
        [Progress] = JsonSerializer.Serialize(header.Progress, RunJson.Default.TrainingProgress),
    };

    /// <summary>Reads and checks the texts.</summary>
    /// <exception cref="VaeException">BadData when one is missing or makes no sense, or for a format of a later version.</exception>
    public CheckpointHeader Read() => new()
    {
        Format = ReadFormat(), // first of all, since only it says how to read the others
        Configuration = Text(Configuration),
        Shape = ReadShape(),
        Progress = ReadProgress(),
        Seed = long.TryParse(Text(Seed), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
            ? seed
            : throw Bad(Seed, "is no whole number"),
        ToolVersion = Text(Version),
    };

    private int ReadFormat()
    {
        if (!metadata.TryGetValue(Format, out string? text))
        {
            return 1; // which did not say so
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int format) || format < 1)
        {
            throw Bad(Format, "is no number of a format");
        }

        string writer = metadata.TryGetValue(Version, out string? version)
            ? $"vae {Printable.Text(version)}"
            : "the version of vae that wrote it";
        return format <= CheckpointHeader.CurrentFormat ? format : throw InputFile.Bad(
            path,
            $"is a checkpoint of format {format}, "
            + $"and this version reads formats up to {CheckpointHeader.CurrentFormat}; use {writer} or a later one");
    }

    private ImageShape ReadShape() =>
        Parse(Shape, RunJson.Default.Int32Array) is [var channels and > 0, var height and > 0, var width and > 0]
        && (Int128)channels * height * width <= LargestImage
            ? new ImageShape(channels, height, width)
            : throw Bad(Shape, "is no shape of images");

    private TrainingProgress ReadProgress()
    {
        TrainingProgress progress = Parse(Progress, RunJson.Default.TrainingProgress) ?? throw Bad(Progress, "is null");
        long[] counts =
        [
            progress.Epoch, progress.Step, progress.StepInEpoch, progress.Images, progress.BestEpoch, progress.Rewinds,
            progress.StaleEpochs, progress.PlateauEpochs, progress.RateReductions,
        ];
        if (counts.Any(count => count < 0))
        {
            throw Bad(Progress, "has a count below zero");
        }

        // The reader of JSON leaves null where the key is missing.
        progress = progress with { KlPerDimension = progress.KlPerDimension ?? [], Sums = progress.Sums ?? new TrainingProgress().Sums };
        IEnumerable<double> sums = progress.Sums.Values.SelectMany(values => values ?? []);
        return sums.Concat(progress.KlPerDimension).Append(progress.BestElbo ?? 0).All(double.IsFinite)
            ? progress
            : throw Bad(Progress, "has a value that is not finite");
    }

    private T? Parse<T>(string key, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Text(key), type);
        }
        catch (JsonException exception)
        {
            throw Bad(key, "is damaged", exception);
        }
    }

    private string Text(string key) => metadata.TryGetValue(key, out string? value)
        ? value
        : throw InputFile.Bad(path, $"is no checkpoint of vae: __metadata__ has no '{key}'");

    private VaeException Bad(string key, string problem, Exception? inner = null) =>
        InputFile.Bad(path, $"__metadata__: {key} {problem}", inner);
}

/// <summary>The JSON form of what stands in a run's folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrainingProgress))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(EpochMetrics))]
[JsonSerializable(typeof(RunWriter))]
internal sealed partial class RunJson : JsonSerializerContext;
