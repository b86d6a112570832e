using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vae.Core.Configuration;

/// <summary>
/// Writes a configuration whole: every key in a fixed order, each kind as an object, numbers in the shortest form that reads back
/// the same. Equal configurations give equal texts, and what is written reads back equal.
/// </summary>
public static class ConfigurationWriter
{
    /// <summary>The configuration as JSON, indented and with a line break at its end, or on one line without.</summary>
    public static string Write(VaeConfiguration configuration, bool indented = true)
    {
        ArrayBufferWriter<byte> buffer = new ArrayBufferWriter<byte>();
        JsonWriterOptions options = new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            VaeConfiguration.Map(new WritingVisitor(writer), configuration);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + (indented ? "\n" : "");
    }

    private sealed class WritingVisitor(Utf8JsonWriter writer) : ConfigurationVisitor
    {
        public override long Integer(string name, long value, long minimum, long maximum, string description)
        {
            writer.WriteNumber(name, value);
            return value;
        }

        public override long? OptionalInteger(string name, long? value, long minimum, long maximum, string description)
        {
            if (value is { } present)
            {
                writer.WriteNumber(name, present);
            }
            else
            {
                writer.WriteNull(name);
            }

            return value;
        }

        public override ValueList<int> Integers(
            string name, ValueList<int> value, int minimum, int maximum, int maximumCount, string description)
        {
            // On one line, as a person would write it.
            writer.WritePropertyName(name);
            writer.WriteRawValue($"[{string.Join(", ", value.Select(item => item.ToString(CultureInfo.InvariantCulture)))}]");
            return value;
        }

        public override double Real(string name, double value, Interval interval, string description)
        {
            writer.WriteNumber(name, value);
            return value;
        }

        public override bool Boolean(string name, bool value, string description)
        {
            writer.WriteBoolean(name, value);
            return value;
        }

        public override string Text(string name, string value, int maximumLength, string description)
        {
            writer.WriteString(name, value);
            return value;
        }

        public override string? OptionalText(string name, string? value, int maximumLength, string description)
        {
            writer.WriteString(name, value);
            return value;
        }

        public override T Choice<T>(string name, T value, string description, T[]? allowed = null)
        {
            writer.WriteString(name, ConfigurationName.Of(value));
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
            writer.WriteString("kind", kind.Name);
            kind.Map(this, value);
            writer.WriteEndObject();
            return value;
        }
    }
}
