using System.Globalization;
using System.Text.Json;

namespace Vae.Core.Tests.Configuration;

/// <summary>Holds the schema to the reader from outside: what the schema allows is read, what it forbids is refused.</summary>
public class ConfigurationSchemaTests
{
    private const string Minimal = """{ "data": { "source": "digits" } }""";

    private static readonly JsonElement Root =
        JsonDocument.Parse(ConfigurationSchema.Generate<VaeConfiguration>("Configuration of vae")).RootElement;

    /// <summary>
    /// Each key with its schema, through sections and kinds, and the assignments under which it is there: those that choose its kinds.
    /// </summary>
    private static IEnumerable<Key> Keys() => Keys(Root, "", []);

    private static IEnumerable<Key> Keys(JsonElement section, string prefix, string[] context)
    {
        JsonElement.ObjectEnumerator properties = section.GetProperty("properties").EnumerateObject();
        foreach (JsonProperty property in properties.Where(property => property.Name is not ("$schema" or "kind")))
        {
            string path = prefix + property.Name;
            yield return new Key(path, property.Value, context);
            foreach ((JsonElement form, string[]? choice) in Objects(property.Value, path))
            {
                foreach (Key key in Keys(form, path + ".", [.. context, .. choice]))
                {
                    yield return key;
                }
            }
        }
    }

    private static IEnumerable<(JsonElement Form, string[] Choice)> Objects(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("anyOf", out JsonElement forms))
        {
            return schema.TryGetProperty("properties", out _) ? [(schema, [])] : [];
        }

        string? standard = schema.TryGetProperty("default", out JsonElement name) ? name.GetString() : null;
        return
        [
            .. from form in forms.EnumerateArray().Skip(1)
               let kind = form.GetProperty("properties").GetProperty("kind").GetProperty("const").GetString()
               select (form, kind == standard ? Array.Empty<string>() : [$"{path}.kind={kind}", .. Companions(path, kind)]),
        ];
    }

    /// <summary>What must be set beside a kind, since its default is one of the things that other keys forbid.</summary>
    private static string[] Companions(string path, string kind) =>
        path == "model.likelihood" && kind != "bernoulli" ? ["data.binarization=none"] : [];

    /// <summary>
    /// At a limit of theirs another key forbids them: train_images would leave nothing beside the validation images, a warm-up would
    /// outlast its schedule, and a kernel is at least its stride.
    /// </summary>
    private static bool IsLimitedByAnother(string path) =>
        path is "data.train_images" or "train.schedule.warmup_epochs" or "objective.cycle_epochs"
        || path.EndsWith(".kernel", StringComparison.Ordinal) || path.EndsWith(".stride", StringComparison.Ordinal);

    private static bool IsRead(Key key, string json) =>
        Record.Exception(() => VaeConfiguration.Parse(Minimal, "FILE", [.. key.Context, $"{key.Path}={json}"])) is null;

    [Fact]
    public void The_keys_are_those_that_are_written()
    {
        string[][] contexts = Keys().Select(key => key.Context).DistinctBy(context => string.Join(' ', context)).ToArray();
        IEnumerable<string> written = contexts.SelectMany(
            context => Paths(
                JsonDocument.Parse(ConfigurationWriter.Write(VaeConfiguration.Parse(Minimal, "FILE", context))).RootElement, ""));

        Assert.Equal(written.Distinct().Order(), Keys().Select(key => key.Path).Distinct().Order());

        static IEnumerable<string> Paths(JsonElement element, string prefix) => element.ValueKind != JsonValueKind.Object
            ? []
            : element.EnumerateObject().Where(property => property.Name != "kind")
                .SelectMany(property => Paths(property.Value, $"{prefix}{property.Name}.").Prepend(prefix + property.Name));
    }

    [Fact]
    public void Defaults_are_those_of_the_reader()
    {
        Key[] defaults = Keys().Where(key => key.Schema.TryGetProperty("default", out _)).ToArray();

        Assert.True(defaults.Length >= 20);
        foreach (Key? key in defaults)
        {
            VaeConfiguration standard = VaeConfiguration.Parse(Minimal, "FILE", key.Context);
            string assignment = $"{key.Path}={key.Schema.GetProperty("default").GetRawText()}";
            Assert.Equal(standard, VaeConfiguration.Parse(Minimal, "FILE", [.. key.Context, assignment]));
        }
    }

    [Fact]
    public void Limits_are_those_of_the_reader()
    {
        int checkedLimits = 0;
        IEnumerable<Key> limited = Keys().Where(key => key.Schema.TryGetProperty("minimum", out _) && !IsLimitedByAnother(key.Path));
        foreach (Key? key in limited)
        {
            double minimum = key.Schema.GetProperty("minimum").GetDouble();
            Assert.True(IsRead(key, key.Schema.GetProperty("minimum").GetRawText()), key.Path);
            Assert.False(IsRead(key, (minimum - 1).ToString(CultureInfo.InvariantCulture)), key.Path);
            if (key.Schema.TryGetProperty("maximum", out JsonElement maximum))
            {
                Assert.True(IsRead(key, maximum.GetRawText()), key.Path);
                Assert.False(IsRead(key, ((UInt128)maximum.GetInt64() + 1).ToString(CultureInfo.InvariantCulture)), key.Path);
            }

            checkedLimits++;
        }

        foreach (Key key in Keys())
        {
            foreach (string? limit in new[] { "exclusiveMinimum", "exclusiveMaximum" })
            {
                Assert.False(key.Schema.TryGetProperty(limit, out JsonElement value) && IsRead(key, value.GetRawText()), key.Path);
            }
        }

        Assert.True(checkedLimits >= 10);
    }

    [Fact]
    public void Enumerated_values_are_read_but_for_the_one_that_another_key_forbids()
    {
        foreach (Key key in Keys())
        {
            bool isVariant = key.Schema.TryGetProperty("anyOf", out JsonElement forms);
            JsonElement names = key.Schema.TryGetProperty("enum", out JsonElement values)
                ? values
                : isVariant ? forms[0].GetProperty("enum") : default;
            foreach (string? name in names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Select(name => name.GetString()!) : [])
            {
                string[] companions = isVariant ? Companions(key.Path, name) : [];
                bool isRead = IsRead(key with { Context = [.. key.Context, .. companions] }, $"\"{name}\"");
                Assert.Equal((key.Path, name) != ("data.binarization", "none"), isRead);
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
            ConfigurationSchema.Generate<VaeConfiguration>("Configuration of vae").Split("\"type\": \"object\"").Length,
            ConfigurationSchema.Generate<VaeConfiguration>("Configuration of vae").Split("\"additionalProperties\": false").Length);
    }

    private sealed record Key(string Path, JsonElement Schema, string[] Context);
}
