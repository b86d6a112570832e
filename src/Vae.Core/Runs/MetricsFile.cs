using System.Text.Json.Serialization;

namespace Vae.Core.Runs;

/// <summary>metrics.jsonl: one object an epoch.</summary>
internal static class MetricsFile
{
    /// <summary>Far above any line that is written here; a longer one is not read into memory.</summary>
    private const int LongestLine = 1 << 16;

    /// <summary>One epoch as one line of JSON, without the line's end.</summary>
    public static string ToJson(EpochMetrics metrics) => JsonSerializer.Serialize(metrics, MetricsJson.Default.EpochMetrics);

    /// <summary>Appends one epoch and flushes it to disk.</summary>
    /// <exception cref="VaeException">InputOutput when it cannot be written.</exception>
    public static void Append(string path, EpochMetrics metrics)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(Encoding.UTF8.GetBytes(ToJson(metrics) + "\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw AtomicFile.Failure(path, exception);
        }
    }

    /// <summary>
    /// The epochs up to <paramref name="lastEpoch"/>. A line that a crash left half-written or that is damaged, and all after it, are
    /// passed over: the checkpoint decides what was done.
    /// </summary>
    public static IReadOnlyList<EpochMetrics> Read(string path, int lastEpoch = int.MaxValue)
    {
        List<EpochMetrics> epochs = [];
        if (!File.Exists(path))
        {
            return epochs;
        }

        using StreamReader reader = new(path);
        while (TryParse(ReadLine(reader)) is { } metrics && metrics.Epoch <= lastEpoch)
        {
            epochs.Add(metrics);
        }

        return epochs;
    }

    /// <summary>The next line; nothing at the end of the file and for a line that is too long.</summary>
    private static string ReadLine(StreamReader reader)
    {
        StringBuilder line = new();
        for (int character; line.Length <= LongestLine && (character = reader.Read()) is not (-1 or '\n');)
        {
            line.Append((char)character);
        }

        return line.Length <= LongestLine ? line.ToString() : "";
    }

    private static EpochMetrics? TryParse(string line)
    {
        try
        {
            EpochMetrics? metrics = JsonSerializer.Deserialize(line, MetricsJson.Default.EpochMetrics);
            return metrics is not null && IsWhole(metrics) ? metrics : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Readers of JSON take null for an object, and numbers beyond all bounds for infinity.
    private static bool IsWhole(EpochMetrics metrics) =>
        metrics.Train is not null && double.IsFinite(metrics.Beta + metrics.ImagesPerSecond + metrics.Seconds);
}

/// <summary>The JSON form of metrics.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EpochMetrics))]
internal sealed partial class MetricsJson : JsonSerializerContext;
