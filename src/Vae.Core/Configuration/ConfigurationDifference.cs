namespace Vae.Core.Configuration;

/// <summary>One key in which two configurations differ.</summary>
/// <param name="Path">The key, as <c>--set</c> takes it: <c>train.batch_size</c>.</param>
/// <param name="Before">Its value in the first configuration as JSON, or null where the kind there has no such key.</param>
/// <param name="After">Its value in the second configuration, likewise.</param>
internal sealed record ConfigurationDifference(string Path, string? Before, string? After)
{
    /// <summary>All keys in which two configurations differ, in the order of the file; none when they are equal.</summary>
    public static IReadOnlyList<ConfigurationDifference> Between<T>(T before, T after)
        where T : IConfiguration<T>
    {
        using JsonDocument first = JsonDocument.Parse(ConfigurationWriter.Write(before, indented: false));
        using JsonDocument second = JsonDocument.Parse(ConfigurationWriter.Write(after, indented: false));
        List<ConfigurationDifference> differences = new List<ConfigurationDifference>();
        Compare("", first.RootElement, second.RootElement, differences);
        return differences;
    }

    /// <summary>For a message: <c>train.batch_size is 64, was 128</c>.</summary>
    public override string ToString() => $"{Path} is {After ?? "not there"}, was {Before ?? "not there"}";

    private static void Compare(string path, JsonElement? before, JsonElement? after, List<ConfigurationDifference> differences)
    {
        if (before?.ValueKind == JsonValueKind.Object || after?.ValueKind == JsonValueKind.Object)
        {
            foreach (string? key in Keys(before).Union(Keys(after)))
            {
                Compare(path.Length == 0 ? key : $"{path}.{key}", Member(before, key), Member(after, key), differences);
            }
        }
        else if (before?.GetRawText() != after?.GetRawText())
        {
            differences.Add(new(path, before?.GetRawText(), after?.GetRawText()));
        }
    }

    private static IEnumerable<string> Keys(JsonElement? element) => element?.EnumerateObject().Select(property => property.Name) ?? [];

    private static JsonElement? Member(JsonElement? element, string key) =>
        element is { } present && present.TryGetProperty(key, out JsonElement member) ? member : null;
}
