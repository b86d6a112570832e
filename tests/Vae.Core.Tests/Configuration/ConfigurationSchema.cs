using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vae.Core.Tests.Configuration;

/// <summary>The JSON schema of configurations, for editors. It is made from the same list of keys that the reader reads.</summary>
internal static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as JSON (draft 7, which editors know best), with a line break at its end.</summary>
    public static string Generate<T>(string title)
        where T : IConfiguration<T>
    {
        SchemaVisitor root = new SchemaVisitor();
        T.Map(root, T.Defaults);
        root.Properties.Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "this schema, for editors; ignored" });
        JsonObject schema = root.ToSchema();
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", title);
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

        protected override T Value<T>(string name, T value, ConfigurationValue<T> type, string description)
        {
            ArrayBufferWriter<byte> standard = new();
            using (Utf8JsonWriter writer = new(standard))
            {
                type.Write(writer, value);
            }

            Add(name, description, JsonNode.Parse(standard.WrittenSpan), type.Schema());
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
