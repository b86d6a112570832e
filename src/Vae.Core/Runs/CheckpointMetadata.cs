using System.Text.Json.Serialization;

namespace Vae.Core.Runs;

/// <summary>A checkpoint's header as the texts of __metadata__.</summary>
internal static class CheckpointMetadata
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
        [Shape] = JsonSerializer.Serialize([header.Shape.Channels, header.Shape.Height, header.Shape.Width], CheckpointJson.Default.Int32Array),
        [Seed] = header.Seed.ToString(CultureInfo.InvariantCulture),
        [Epoch] = header.Progress.Epoch.ToString(CultureInfo.InvariantCulture),
        [Step] = header.Progress.Step.ToString(CultureInfo.InvariantCulture),
        [Progress] = JsonSerializer.Serialize(header.Progress, CheckpointJson.Default.TrainingProgress),
    };

    /// <summary>Reads and checks the texts.</summary>
    /// <exception cref="VaeException">BadData when one is missing or makes no sense, or for a format of a later version.</exception>
    public static CheckpointHeader Read(IReadOnlyDictionary<string, string> metadata, string path) => new()
    {
        Format = ReadFormat(metadata, path), // first of all, since only it says how to read the others
        Configuration = Text(metadata, path, Configuration),
        Shape = ReadShape(metadata, path),
        Progress = ReadProgress(metadata, path),
        Seed = long.TryParse(Text(metadata, path, Seed), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
            ? seed
            : throw Bad(path, Seed, "is no whole number"),
        ToolVersion = Text(metadata, path, Version),
    };

    private static int ReadFormat(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.TryGetValue(Format, out string? text))
        {
            return 1; // which did not say so
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int format) || format < 1)
        {
            throw Bad(path, Format, "is no number of a format");
        }

        if (format <= CheckpointHeader.CurrentFormat)
        {
            return format;
        }

        string writer = metadata.TryGetValue(Version, out string? version) ? $"vae {Printable.Text(version)}" : "the version of vae that wrote it";
        throw new VaeException(
            FailureKind.BadData,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: is a checkpoint of format {format}, and this version reads formats up to {CheckpointHeader.CurrentFormat}; use {writer} or a later one"));
    }

    private static ImageShape ReadShape(IReadOnlyDictionary<string, string> metadata, string path) =>
        Parse(metadata, path, Shape, CheckpointJson.Default.Int32Array) is [var channels and > 0, var height and > 0, var width and > 0]
        && (Int128)channels * height * width <= LargestImage
            ? new ImageShape(channels, height, width)
            : throw Bad(path, Shape, "is no shape of images");

    private static TrainingProgress ReadProgress(IReadOnlyDictionary<string, string> metadata, string path)
    {
        TrainingProgress progress = Parse(metadata, path, Progress, CheckpointJson.Default.TrainingProgress) ?? throw Bad(path, Progress, "is null");
        long[] counts =
        [
            progress.Epoch, progress.Step, progress.StepInEpoch, progress.Images, progress.BestEpoch, progress.Rewinds,
            progress.StaleEpochs, progress.PlateauEpochs, progress.RateReductions,
        ];
        if (counts.Any(count => count < 0))
        {
            throw Bad(path, Progress, "has a count below zero");
        }

        // The reader of JSON leaves null where the key is missing.
        progress = progress with { KlPerDimension = progress.KlPerDimension ?? [], Sums = progress.Sums ?? new TrainingProgress().Sums };
        IEnumerable<double> values = [.. progress.Sums.Values.SelectMany(sums => sums ?? []), progress.BestElbo ?? 0, .. progress.KlPerDimension];
        return values.All(double.IsFinite) ? progress : throw Bad(path, Progress, "has a value that is not finite");
    }

    private static T? Parse<T>(
        IReadOnlyDictionary<string, string> metadata, string path, string key, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Text(metadata, path, key), type);
        }
        catch (JsonException exception)
        {
            throw Bad(path, key, "is damaged", exception);
        }
    }

    private static string Text(IReadOnlyDictionary<string, string> metadata, string path, string key) =>
        metadata.TryGetValue(key, out string? value)
            ? value
            : throw new VaeException(FailureKind.BadData, $"{path}: is no checkpoint of vae: __metadata__ has no '{key}'");

    private static VaeException Bad(string path, string key, string problem, Exception? inner = null) =>
        new(FailureKind.BadData, $"{path}: __metadata__: {key} {problem}", inner);
}

/// <summary>The JSON form of a checkpoint's metadata.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrainingProgress))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
