using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vae.Core.Training;

/// <summary>metrics.jsonl: one object an epoch.</summary>
public static class MetricsFile
{
    /// <summary>One epoch as one line of JSON, without the line's end.</summary>
    public static string ToJson(EpochMetrics metrics) => JsonSerializer.Serialize(metrics, MetricsJson.Default.EpochMetrics);

    /// <summary>Appends one epoch and flushes it to disk.</summary>
    /// <exception cref="VaeException">InputOutput when it cannot be written.</exception>
    public static void Append(string path, EpochMetrics metrics)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(ToJson(metrics) + "\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw new VaeException(FailureKind.InputOutput, $"{path}: cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The epochs up to <paramref name="lastEpoch"/>. A line that a crash left half-written, and all after it, are passed over:
    /// the checkpoint decides what was done.
    /// </summary>
    public static IReadOnlyList<EpochMetrics> Read(string path, int lastEpoch = int.MaxValue)
    {
        List<EpochMetrics> epochs = [];
        if (!File.Exists(path))
        {
            return epochs;
        }

        foreach (string line in File.ReadLines(path))
        {
            EpochMetrics? metrics = TryParse(line);
            if (metrics is null || metrics.Epoch > lastEpoch)
            {
                break;
            }

            epochs.Add(metrics);
        }

        return epochs;
    }

    private static EpochMetrics? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, MetricsJson.Default.EpochMetrics);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The JSON form of metrics.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EpochMetrics))]
internal sealed partial class MetricsJson : JsonSerializerContext;
