using System.Buffers;
using System.Text.Encodings.Web;

namespace Vae.Core.Configuration;

/// <summary>
/// Writes a configuration whole: every key in a fixed order, each kind as an object, numbers in the shortest form that reads back
/// the same. Equal configurations give equal texts, and what is written reads back equal.
/// </summary>
internal static class ConfigurationWriter
{
    /// <summary>The configuration as JSON, indented and with a line break at its end, or on one line without.</summary>
    public static string Write<T>(T configuration, bool indented = true)
        where T : IConfiguration<T>
    {
        ArrayBufferWriter<byte> buffer = new ArrayBufferWriter<byte>();
        JsonWriterOptions options =
            new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            T.Map(new WritingVisitor(writer), configuration);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + (indented ? "\n" : "");
    }

    private sealed class WritingVisitor(Utf8JsonWriter writer) : ConfigurationVisitor
    {
        protected override T Value<T>(string name, T value, ConfigurationValue<T> type, string description)
        {
            writer.WritePropertyName(name);
            type.Write(writer, value);
            return value;
        }

        public override T Section<T>(string name, T value, Func<ConfigurationVisitor, T, T> map, string description)
        {
            writer.WriteStartObject(name);
            map(this, value);
            writer.WriteEndObject();
            return value;
        }

        public override T Variant<T>(string name, T value, IReadOnlyList<Kind<T>> kinds, string description, bool required = false)
        {
            Kind<T> kind = Kind.Find(kinds, value);
            if (required && !kind.HasKeys)
            {
                writer.WriteString(name, kind.Name);
                return value;
            }

            writer.WriteStartObject(name);
            if (!kind.IsImplied)
            {
                writer.WriteString("kind", kind.Name);
            }

            kind.Map(this, value);
            writer.WriteEndObject();
            return value;
        }
    }
}
