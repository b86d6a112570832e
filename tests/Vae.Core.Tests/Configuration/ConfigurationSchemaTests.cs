using System.Globalization;
using System.Text.Json;
using Vae.Core.Configuration;

namespace Vae.Core.Tests.Configuration;

/// <summary>Holds the schema to the reader from outside: what the schema allows is read, what it forbids is refused.</summary>
public class ConfigurationSchemaTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    private static readonly JsonElement Root = JsonDocument.Parse(ConfigurationSchema.Generate()).RootElement;

    /// <summary>A key, its schema, and the assignments that choose the kinds it belongs to where these are not the standard ones.</summary>
    private sealed record Key(string Path, JsonElement Schema, ValueList<string> Kinds);

    /// <summary>Each key through sections and kinds.</summary>
    private static IEnumerable<Key> Keys(JsonElement section, string prefix, ValueList<string> kinds)
    {
        var properties = section.GetProperty("properties").EnumerateObject();
        foreach (var property in properties.Where(property => property.Name is not ("$schema" or "kind")))
        {
            var path = prefix + property.Name;
            yield return new(path, property.Value, kinds);
            var objects = property.Value.TryGetProperty("anyOf", out var forms)
                ? forms.EnumerateArray().Where(form => form.TryGetProperty("properties", out _))
                    .Select(form => (form, KindsOf(form, property.Value, path, kinds)))
                : property.Value.TryGetProperty("properties", out _) ? [(property.Value, kinds)] : [];
            foreach (var key in objects.SelectMany(form => Keys(form.Item1, path + ".", form.Item2)))
            {
                yield return key;
            }
        }
    }

    private static ValueList<string> KindsOf(JsonElement form, JsonElement variant, string path, ValueList<string> kinds)
    {
        var kind = form.GetProperty("properties").GetProperty("kind").GetProperty("const").GetString()!;
        return variant.GetProperty("default").GetString() == kind ? kinds : [.. kinds, $$"""{{path}}={"kind":"{{kind}}"}"""];
    }

    private static IEnumerable<Key> Keys() => Keys(Root, "", []);

    private static VaeConfiguration Read(Key key, params string[] assignments) =>
        ConfigurationReader.Parse(Minimal, "FILE", [.. key.Kinds, .. assignments]);

    private static bool IsRead(Key key, string json) => Record.Exception(() => Read(key, $"{key.Path}={json}")) is null;

    [Fact]
    public void The_keys_of_every_kind_are_those_that_are_written()
    {
        foreach (var keys in Keys().GroupBy(key => key.Kinds))
        {
            var written = JsonDocument.Parse(ConfigurationWriter.Write(Read(keys.First()))).RootElement;
            var variant = keys.Key.Count == 0 ? "" : keys.Key[^1].Split('=')[0] + ".";

            Assert.Equal(
                Paths(written, "").Where(path => path.StartsWith(variant, StringComparison.Ordinal)).Order(),
                keys.Select(key => key.Path).Order());
        }

        static IEnumerable<string> Paths(JsonElement element, string prefix) => element.ValueKind != JsonValueKind.Object
            ? []
            : element.EnumerateObject().Where(property => property.Name != "kind")
                .SelectMany(property => Paths(property.Value, $"{prefix}{property.Name}.").Prepend(prefix + property.Name));
    }

    [Fact]
    public void Defaults_are_those_of_the_reader()
    {
        var defaults = Keys().Where(key => key.Schema.TryGetProperty("default", out _)).ToArray();

        Assert.True(defaults.Length >= 20);
        foreach (var key in defaults)
        {
            Assert.Equal(Read(key), Read(key, $"{key.Path}={key.Schema.GetProperty("default").GetRawText()}"));
        }
    }

    [Fact]
    public void Limits_are_those_of_the_reader()
    {
        // At these limits another key forbids them: no image would be left beside the validation images; a cycle needs a warm-up.
        string[] forbidden = ["data.train_images 1", "objective.cycle_epochs 1000000"];
        var checkedLimits = 0;
        foreach (var key in Keys().Where(key => key.Schema.TryGetProperty("minimum", out _)))
        {
            var minimum = key.Schema.GetProperty("minimum");
            Assert.NotEqual(forbidden.Contains($"{key.Path} {minimum.GetRawText()}"), IsRead(key, minimum.GetRawText()));
            Assert.False(IsRead(key, (minimum.GetDouble() - 1).ToString(CultureInfo.InvariantCulture)), key.Path);
            if (key.Schema.TryGetProperty("maximum", out var maximum))
            {
                Assert.NotEqual(forbidden.Contains($"{key.Path} {maximum.GetRawText()}"), IsRead(key, maximum.GetRawText()));
                Assert.False(IsRead(key, ((UInt128)maximum.GetInt64() + 1).ToString(CultureInfo.InvariantCulture)), key.Path);
            }

            checkedLimits++;
        }

        foreach (var key in Keys())
        {
            foreach (var limit in new[] { "exclusiveMinimum", "exclusiveMaximum" })
            {
                Assert.False(key.Schema.TryGetProperty(limit, out var value) && IsRead(key, value.GetRawText()), key.Path);
            }
        }

        Assert.True(checkedLimits >= 10);
    }

    [Fact]
    public void Enumerated_values_are_read_but_for_the_one_that_another_key_forbids()
    {
        foreach (var key in Keys())
        {
            var names = key.Schema.TryGetProperty("enum", out var values) ? values
                : key.Schema.TryGetProperty("anyOf", out var forms) ? forms[0].GetProperty("enum")
                : default;
            foreach (var name in names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.GetRawText()) : [])
            {
                Assert.Equal((key.Path, name) != ("data.binarization", "\"none\""), IsRead(key, name));
            }
        }
    }

    [Fact]
    public void Every_key_is_described_every_object_closed_and_the_source_required()
    {
        Assert.All(Keys(), key => Assert.True(key.Schema.GetProperty("description").GetString()!.Length > 5, key.Path));
        Assert.Equal(["data"], Root.GetProperty("required").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(
            ["source"],
            Root.GetProperty("properties").GetProperty("data").GetProperty("required").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(
            ConfigurationSchema.Generate().Split("\"type\": \"object\"").Length,
            ConfigurationSchema.Generate().Split("\"additionalProperties\": false").Length);
    }
}
