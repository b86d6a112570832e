using System.Buffers;

namespace Vae.Core.Configuration;

/// <summary>One assignment of the command line, such as <c>model.encoder.hidden=[512,256]</c>.</summary>
/// <param name="Option">The assignment as it was given.</param>
/// <param name="Keys">The keys from the root down.</param>
/// <param name="Value">The value: JSON, or else the text itself.</param>
internal sealed record ConfigurationOverride(string Option, IReadOnlyList<string> Keys, JsonElement Value)
{
    private const int LongestValue = 10_000;

    private string Path => Keys.Aggregate("$", ConfigurationText.Path);

    /// <summary>Reads an assignment.</summary>
    /// <exception cref="VaeException"><see cref="FailureKind.Usage"/>: it has no <c>=</c>, or an empty key.</exception>
    public static ConfigurationOverride Parse(string option)
    {
        // A command line may hold half surrogate pairs (Windows) that JSON cannot; this replaces them.
        string text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(option));
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw Bad(text, "expected KEY=VALUE, such as model.latent=32");
        }

        string[] keys = text[..equals].Split('.', StringSplitOptions.TrimEntries);
        if (keys.Any(key => key.Length == 0) || keys.Length > 8)
        {
            throw Bad(text, "expected keys with dots between them before the =, such as model.latent=32");
        }

        return text.Length <= LongestValue
            ? new(text, keys, ParseValue(text[(equals + 1)..].Trim()))
            : throw Bad(text, $"is longer than {LongestValue} characters; write it into the configuration file");
    }

    /// <summary>A new document with every assignment made, in their order; there is at least one.</summary>
    public static JsonDocument Apply(JsonDocument document, IEnumerable<ConfigurationOverride> overrides)
    {
        JsonElement root = document.RootElement;
        JsonDocument? current = default(JsonDocument);
        foreach (ConfigurationOverride assignment in overrides)
        {
            ArrayBufferWriter<byte> buffer = new ArrayBufferWriter<byte>();
            using (Utf8JsonWriter writer = new Utf8JsonWriter(buffer))
            {
                assignment.Write(writer, root, 0);
            }

            current?.Dispose();
            current = JsonDocument.Parse(buffer.WrittenMemory);
            root = current.RootElement;
        }

        return current ?? throw new ArgumentException("expected at least one assignment", nameof(overrides));
    }

    /// <summary>Whether an error at this path may come from this assignment: at its key, below it, or at a key that it made.</summary>
    public bool Concerns(string errorPath) => IsAtOrBelow(errorPath, Path) || IsAtOrBelow(Path, errorPath);

    public override string ToString() => $"--set {Printable.Text(Option)}";

    private static bool IsAtOrBelow(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] is '.' or '[');

    private static JsonElement ParseValue(string text)
    {
        try
        {
            using JsonDocument document = StrictJson.Parse(Encoding.UTF8.GetBytes(text), "");
            return document.RootElement.Clone();
        }
        catch (VaeException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }

    /// <summary>
    /// Copies an element with the assignment made in it. A repeated key stays repeated, for the reader to refuse. A text on the way
    /// is the short form of a kind, so <c>"adam"</c> grows into <c>{"kind":"adam", …}</c>.
    /// </summary>
    private void Write(Utf8JsonWriter writer, JsonElement? element, int depth)
    {
        if (depth == Keys.Count)
        {
            Value.WriteTo(writer);
            return;
        }

        bool isShorthand = depth > 0 && element is { ValueKind: JsonValueKind.String };
        if (element is { ValueKind: not JsonValueKind.Object } other && !isShorthand)
        {
            other.WriteTo(writer); // mistyped in the file, which the reader says
            return;
        }

        writer.WriteStartObject();
        bool found = false;
        if (element is { ValueKind: JsonValueKind.Object } section)
        {
            foreach (JsonProperty property in section.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                if (property.NameEquals(Keys[depth]))
                {
                    found = true;
                    Write(writer, property.Value, depth + 1);
                }
                else
                {
                    property.Value.WriteTo(writer);
                }
            }
        }
        else if (isShorthand && Keys[depth] != "kind")
        {
            writer.WriteString("kind", element!.Value.GetString());
        }

        if (!found)
        {
            writer.WritePropertyName(Keys[depth]);
            Write(writer, null, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static VaeException Bad(string option, string message) => new(FailureKind.Usage, $"--set {Printable.Text(option)}: {message}");
}
