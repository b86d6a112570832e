using System.Globalization;
using System.Text.Json;
using Vae.Core.Configuration;

namespace Vae.Core.Tests.Configuration;

/// <summary>Holds the schema to the reader from outside: what the schema allows is read, what it forbids is refused.</summary>
public class ConfigurationSchemaTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    private static readonly JsonElement Root = JsonDocument.Parse(ConfigurationSchema.Generate()).RootElement;

    /// <summary>Each key with its schema, through sections and kinds.</summary>
    private static IEnumerable<(string Path, JsonElement Schema)> Keys(JsonElement section, string prefix)
    {
        var properties = section.GetProperty("properties").EnumerateObject();
        foreach (var property in properties.Where(property => property.Name is not ("$schema" or "kind")))
        {
            var path = prefix + property.Name;
            yield return (path, property.Value);
            var objects = property.Value.TryGetProperty("anyOf", out var forms)
                ? forms.EnumerateArray().Where(form => form.TryGetProperty("properties", out _))
                : property.Value.TryGetProperty("properties", out _) ? [property.Value] : [];
            foreach (var key in objects.SelectMany(form => Keys(form, path + ".")))
            {
                yield return key;
            }
        }
    }

    private static bool IsRead(string path, string json) =>
        Record.Exception(() => ConfigurationReader.Parse(Minimal, "FILE", [$"{path}={json}"])) is null;

    [Fact]
    public void The_keys_are_those_that_are_written()
    {
        var written = JsonDocument.Parse(ConfigurationWriter.Write(ConfigurationReader.Parse(Minimal, "FILE"))).RootElement;

        Assert.Equal(Paths(written, "").Order(), Keys(Root, "").Select(key => key.Path).Order());

        static IEnumerable<string> Paths(JsonElement element, string prefix) => element.ValueKind != JsonValueKind.Object
            ? []
            : element.EnumerateObject().Where(property => property.Name != "kind")
                .SelectMany(property => Paths(property.Value, $"{prefix}{property.Name}.").Prepend(prefix + property.Name));
    }

    [Fact]
    public void Defaults_are_those_of_the_reader()
    {
        var standard = ConfigurationReader.Parse(Minimal, "FILE");
        var defaults = Keys(Root, "").Where(key => key.Schema.TryGetProperty("default", out _)).ToArray();

        Assert.True(defaults.Length >= 20);
        foreach (var (path, schema) in defaults)
        {
            var assignment = $"{path}={schema.GetProperty("default").GetRawText()}";
            Assert.Equal(standard, ConfigurationReader.Parse(Minimal, "FILE", [assignment]));
        }
    }

    [Fact]
    public void Limits_are_those_of_the_reader()
    {
        var checkedLimits = 0;
        // At its minimum data.train_images leaves nothing beside the validation images: another key forbids it.
        var limited = Keys(Root, "").Where(key => key.Schema.TryGetProperty("minimum", out _) && key.Path != "data.train_images");
        foreach (var (path, schema) in limited)
        {
            var minimum = schema.GetProperty("minimum").GetDouble();
            Assert.True(IsRead(path, schema.GetProperty("minimum").GetRawText()), path);
            Assert.False(IsRead(path, (minimum - 1).ToString(CultureInfo.InvariantCulture)), path);
            if (schema.TryGetProperty("maximum", out var maximum))
            {
                Assert.True(IsRead(path, maximum.GetRawText()), path);
                Assert.False(IsRead(path, ((UInt128)maximum.GetInt64() + 1).ToString(CultureInfo.InvariantCulture)), path);
            }

            checkedLimits++;
        }

        foreach (var (path, schema) in Keys(Root, ""))
        {
            foreach (var limit in new[] { "exclusiveMinimum", "exclusiveMaximum" })
            {
                Assert.False(schema.TryGetProperty(limit, out var value) && IsRead(path, value.GetRawText()), path);
            }
        }

        Assert.True(checkedLimits >= 10);
    }

    [Fact]
    public void Enumerated_values_are_read_but_for_the_one_that_another_key_forbids()
    {
        foreach (var (path, schema) in Keys(Root, ""))
        {
            var names = schema.TryGetProperty("enum", out var values) ? values
                : schema.TryGetProperty("anyOf", out var forms) ? forms[0].GetProperty("enum")
                : default;
            foreach (var name in names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.GetRawText()) : [])
            {
                Assert.Equal((path, name) != ("data.binarization", "\"none\""), IsRead(path, name));
            }
        }
    }

    [Fact]
    public void Every_key_is_described_every_object_closed_and_the_source_required()
    {
        Assert.All(Keys(Root, ""), key => Assert.True(key.Schema.GetProperty("description").GetString()!.Length > 5, key.Path));
        Assert.Equal(["data"], Root.GetProperty("required").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(
            ["source"],
            Root.GetProperty("properties").GetProperty("data").GetProperty("required").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(
            ConfigurationSchema.Generate().Split("\"type\": \"object\"").Length,
            ConfigurationSchema.Generate().Split("\"additionalProperties\": false").Length);
    }
}
