using System.Text.Unicode;

namespace Vae.Core.Configuration;

/// <summary>Strict JSON: valid UTF-8, no comments or trailing commas, limited size and depth; a byte order mark is skipped.</summary>
internal static class StrictJson
{
    /// <summary>Far above any configuration, far below what could hurt.</summary>
    public const int MaximumBytes = 1 << 20;

    private const int MaximumDepth = 32;

    /// <summary>Parses a whole text.</summary>
    /// <exception cref="VaeException">The text is no such JSON; the message names line and column, both from 1.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, string name)
    {
        if (utf8.Length > MaximumBytes)
        {
            throw Bad(name, $"is larger than {MaximumBytes} bytes, which no configuration is");
        }

        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        Check(utf8.Span, name);
        return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaximumDepth });
    }

    /// <summary>
    /// Reads every token once, so that no later access can fail: the document decodes names and texts only when asked for them, and
    /// throws then if an escape is half a surrogate pair.
    /// </summary>
    private static void Check(ReadOnlySpan<byte> utf8, string name)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw Bad(name, $"{Position(utf8, FirstInvalid(utf8))}: the text is not valid UTF-8");
        }

        Utf8JsonReader reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (JsonException failure)
        {
            int line = (int)(failure.LineNumber ?? 0);
            throw Bad(name, $"{Position(utf8, Offset(utf8, line, failure.BytePositionInLine ?? 0))}: {Reason(failure.Message)}");
        }
        catch (InvalidOperationException)
        {
            throw Bad(name, $"{Position(utf8, (int)reader.TokenStartIndex)}: the text has half a surrogate pair");
        }
    }

    /// <summary>The parser's own reason, without its zero-based position, its advice to programmers and its line breaks.</summary>
    private static string Reason(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = (end < 0 ? message : message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal);
        string printable = string.Concat(reason.TrimEnd('.', ' ').Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return $"not valid JSON: {printable}";
    }

    private static int Offset(ReadOnlySpan<byte> utf8, int line, long bytesInLine)
    {
        int start = 0;
        for (int length; line > 0 && (length = utf8[start..].IndexOf((byte)'\n')) >= 0; line--)
        {
            start += length + 1;
        }

        return (int)Math.Min(start + bytesInLine, utf8.Length);
    }

    private static string Position(ReadOnlySpan<byte> utf8, int offset)
    {
        ReadOnlySpan<byte> before = utf8[..offset];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return $"line {before.Count((byte)'\n') + 1}, column {Encoding.UTF8.GetCharCount(before[lineStart..]) + 1}";
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(utf8[offset..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }

    private static VaeException Bad(string name, string message) => new(FailureKind.BadData, $"{name}: {message}");
}
