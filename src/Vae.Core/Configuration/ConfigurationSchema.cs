using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vae.Core.Configuration;

/// <summary>The JSON schema of configurations, for editors. It is made from the same list of keys that the reader reads.</summary>
public static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as JSON (draft 7, which editors know best), with a line break at its end.</summary>
    public static string Generate()
    {
        SchemaVisitor root = new SchemaVisitor();
        VaeConfiguration.Map(root, ConfigurationReader.Start);
        root.Properties.Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "this schema, for editors; ignored" });
        JsonObject schema = root.ToSchema();
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "Configuration of vae");
        return schema.ToJsonString(Format) + "\n";
    }

    private sealed class SchemaVisitor : ConfigurationVisitor
    {
        private readonly JsonArray _required = [];

        public JsonObject Properties { get; } = [];

        public JsonObject ToSchema()
        {
            JsonObject schema = new JsonObject { ["type"] = "object", ["properties"] = Properties, ["additionalProperties"] = false };
            if (_required.Count > 0)
            {
                schema["required"] = _required;
            }

            return schema;
        }

        public override long Integer(string name, long value, long minimum, long maximum, string description)
        {
            Add(name, description, value, IntegerSchema("integer", minimum, maximum));
            return value;
        }

        public override long? OptionalInteger(string name, long? value, long minimum, long maximum, string description)
        {
            Add(name, description, value, IntegerSchema(new JsonArray("integer", "null"), minimum, maximum));
            return value;
        }

        public override ValueList<int> Integers(
            string name, ValueList<int> value, int minimum, int maximum, int maximumCount, string description)
        {
            Add(name, description, new JsonArray([.. value.Select(item => (JsonNode)item)]), new JsonObject
            {
                ["type"] = "array",
                ["items"] = IntegerSchema("integer", minimum, maximum),
                ["maxItems"] = maximumCount,
            });
            return value;
        }

        public override double Real(string name, double value, Interval interval, string description)
        {
            JsonObject schema = new JsonObject
            {
                ["type"] = "number",
                [interval.IncludesMinimum ? "minimum" : "exclusiveMinimum"] = interval.Minimum,
            };
            if (double.IsFinite(interval.Maximum))
            {
                schema["exclusiveMaximum"] = interval.Maximum;
            }

            Add(name, description, value, schema);
            return value;
        }

        public override bool Boolean(string name, bool value, string description)
        {
            Add(name, description, value, new JsonObject { ["type"] = "boolean" });
            return value;
        }

        public override string Text(string name, string value, int maximumLength, string description)
        {
            Add(name, description, value, TextSchema("string", maximumLength));
            return value;
        }

        public override string? OptionalText(string name, string? value, int maximumLength, string description)
        {
            Add(name, description, value, TextSchema(new JsonArray("string", "null"), maximumLength));
            return value;
        }

        public override T Choice<T>(string name, T value, string description, T[]? allowed = null)
        {
            JsonArray names = new JsonArray([.. ConfigurationName.All(allowed).Select(item => (JsonNode)item)]);
            Add(name, description, ConfigurationName.Of(value), new JsonObject { ["enum"] = names });
            return value;
        }

        public override T Section<T>(string name, T value, Func<ConfigurationVisitor, T, T> map, string description)
        {
            SchemaVisitor section = new SchemaVisitor();
            map(section, value);
            Add(name, description, null, section.ToSchema(), required: section._required.Count > 0);
            return value;
        }

        public override T Variant<T>(string name, T value, IReadOnlyList<Kind<T>> kinds, string description, bool required = false)
        {
            Kind<T>? standard = required ? null : Kind.Find(kinds, value);
            JsonArray forms = new JsonArray { new JsonObject { ["enum"] = new JsonArray([.. kinds.Select(kind => (JsonNode)kind.Name)]) } };
            foreach (Kind<T> kind in kinds)
            {
                SchemaVisitor section = new SchemaVisitor();
                section.Properties["kind"] = new JsonObject { ["const"] = kind.Name };
                if (kind != standard)
                {
                    section._required.Add("kind");
                }

                kind.Map(section, kind == standard ? value : kind.Default());
                forms.Add(section.ToSchema());
            }

            Add(name, description, standard?.Name, new JsonObject { ["anyOf"] = forms }, required);
            return value;
        }

        private static JsonObject IntegerSchema(JsonNode type, long minimum, long maximum) =>
            new() { ["type"] = type, ["minimum"] = minimum, ["maximum"] = maximum };

        private static JsonObject TextSchema(JsonNode type, int maximumLength) =>
            new() { ["type"] = type, ["minLength"] = 1, ["maxLength"] = maximumLength };

        private void Add(string name, string description, JsonNode? standard, JsonObject schema, bool required = false)
        {
            schema.Insert(0, "description", description);
            if (standard is not null)
            {
                schema["default"] = standard;
            }

            if (required)
            {
                _required.Add(name);
            }

            Properties[name] = schema;
        }
    }
}
