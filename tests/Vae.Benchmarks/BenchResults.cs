using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vae.Benchmarks;

/// <summary>What a benchmark gave, as its file holds it.</summary>
internal sealed record BenchResults
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // × and – stay readable
        WriteIndented = true,
    };

    public required Machine Machine { get; init; }

    public required int Rounds { get; init; }

    public required double RoundSeconds { get; init; }

    public IReadOnlyList<CaseResult> Cases { get; init; } = [];

    public static BenchResults Read(string path) => JsonSerializer.Deserialize<BenchResults>(File.ReadAllText(path), Format)
        ?? throw new InvalidDataException($"{path} holds no results");

    /// <summary>With the case added, or in the place of the one it had of that name; in the order of all cases.</summary>
    public BenchResults With(CaseResult result)
    {
        List<string> order = [.. Benchmarks.Cases.All.Select(one => one.Name)];
        return this with
        {
            Cases = [.. Cases.Where(one => one.Name != result.Name).Append(result).OrderBy(one => order.IndexOf(one.Name.Split(':')[0]))],
        };
    }

    /// <summary>Writes the file. What it had of the same machine and was not measured now stays in it.</summary>
    public void MergeInto(string path)
    {
        BenchResults merged = this;
        if (File.Exists(path) && Read(path) is { } before && before.Machine == Machine)
        {
            merged = Cases.Aggregate(before with { Rounds = Rounds, RoundSeconds = RoundSeconds }, (all, one) => all.With(one));
        }

        File.WriteAllText(path, JsonSerializer.Serialize(merged, Format) + "\n");
    }
}
