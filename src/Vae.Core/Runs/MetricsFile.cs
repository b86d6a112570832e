namespace Vae.Core.Runs;

/// <summary>What one epoch of training came to; one line of metrics.jsonl.</summary>
public sealed record EpochMetrics
{
    /// <summary>The epoch just finished, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Updates done since the run began.</summary>
    public required long Step { get; init; }

    /// <summary>Means over the training images, each under the weights of its own step.</summary>
    public required EpochFigures Train { get; init; }

    /// <summary>Means over the validation images under the weights at the end of the epoch; null without a validation split.</summary>
    public EpochFigures? Validation { get; init; }

    /// <summary>β at the last step of the epoch.</summary>
    public required double Beta { get; init; }

    /// <summary>Latent dimensions whose posterior mean has a variance above 0.01 (Burda et al. 2015, 5.2); null for one image.</summary>
    public required int? ActiveUnits { get; init; }

    /// <summary>Training images per second, validation and output not counted.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Wall time of the whole epoch, validation and output included.</summary>
    public required double Seconds { get; init; }
}

/// <summary>metrics.jsonl: one object an epoch.</summary>
internal static class MetricsFile
{
    /// <summary>Far above any line that is written here; a longer one is not read into memory.</summary>
    private const int LongestLine = 1 << 16;

    /// <summary>One epoch as one line of JSON, without the line's end.</summary>
    public static string ToJson(EpochMetrics metrics) => JsonSerializer.Serialize(metrics, RunJson.Default.EpochMetrics);

    /// <summary>Replaces the file by one of the given epochs.</summary>
    public static void Write(string path, IEnumerable<EpochMetrics> epochs) =>
        AtomicFile.WriteText(path, string.Concat(epochs.Select(epoch => ToJson(epoch) + "\n")));

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
            EpochMetrics? metrics = JsonSerializer.Deserialize(line, RunJson.Default.EpochMetrics);
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
