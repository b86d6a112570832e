using System.Text.Json.Nodes;
using static Vae.Core.Configuration.ConfigurationText;

namespace Vae.Core.Configuration;

/// <summary>A type of value with its limits: how it is read, written and described in the schema.</summary>
internal abstract class ConfigurationValue<T>
{
    /// <summary>The value, or <paramref name="standard"/> after an error.</summary>
    public abstract T Read(JsonElement element, string path, T standard, List<ConfigurationError> errors);

    public abstract void Write(Utf8JsonWriter writer, T value);

    public abstract JsonObject Schema();

    private protected static T Refuse(JsonElement element, string path, string expected, T standard, List<ConfigurationError> errors)
    {
        errors.Add(new(path, $"expected {expected}, found {Found(element)}"));
        return standard;
    }
}

internal sealed class IntegerValue(long minimum, long maximum, bool allowNull = false) : ConfigurationValue<long?>
{
    public override long? Read(JsonElement element, string path, long? standard, List<ConfigurationError> errors) =>
        element.ValueKind switch
        {
            JsonValueKind.Null when allowNull => null,
            JsonValueKind.Number when element.TryGetInt64(out long number) && number >= minimum && number <= maximum => number,
            _ => Refuse(element, path, $"an integer of {minimum} to {maximum}", standard, errors),
        };

    public override void Write(Utf8JsonWriter writer, long? value) =>
        writer.WriteRawValue(value?.ToString(CultureInfo.InvariantCulture) ?? "null");

    public override JsonObject Schema() => new()
    {
        ["type"] = allowNull ? new JsonArray("integer", "null") : "integer",
        ["minimum"] = minimum,
        ["maximum"] = maximum,
    };
}

internal sealed class IntegersValue(int minimum, int maximum, int maximumCount) : ConfigurationValue<ValueList<int>>
{
    private readonly IntegerValue _item = new(minimum, maximum);

    public override ValueList<int> Read(JsonElement element, string path, ValueList<int> standard, List<ConfigurationError> errors)
    {
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= maximumCount)
        {
            return [.. element.EnumerateArray().Select((item, i) => (int)_item.Read(item, $"{path}[{i}]", minimum, errors)!)];
        }

        string found = element.ValueKind == JsonValueKind.Array ? $"{element.GetArrayLength()}" : Found(element);
        errors.Add(new(path, $"expected an array of up to {maximumCount} integers, found {found}"));
        return standard;
    }

    // On one line, as a person would write it.
    public override void Write(Utf8JsonWriter writer, ValueList<int> value) =>
        writer.WriteRawValue($"[{string.Join(", ", value.Select(item => item.ToString(CultureInfo.InvariantCulture)))}]");

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = _item.Schema(), ["maxItems"] = maximumCount };
}

internal sealed class RealValue(Interval interval) : ConfigurationValue<double>
{
    public override double Read(JsonElement element, string path, double standard, List<ConfigurationError> errors) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && interval.Contains(number)
            ? number + 0.0 // −0 becomes 0: equal numbers shall be written alike
            : Refuse(element, path, $"{interval}", standard, errors);

    public override void Write(Utf8JsonWriter writer, double value) => writer.WriteNumberValue(value);

    public override JsonObject Schema()
    {
        JsonObject schema = new()
        {
            ["type"] = "number",
            [interval.IncludesMinimum ? "minimum" : "exclusiveMinimum"] = interval.Minimum,
        };
        if (double.IsFinite(interval.Maximum))
        {
            schema["exclusiveMaximum"] = interval.Maximum;
        }

        return schema;
    }
}

internal sealed class BooleanValue : ConfigurationValue<bool>
{
    public override bool Read(JsonElement element, string path, bool standard, List<ConfigurationError> errors) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? element.GetBoolean()
            : Refuse(element, path, "true or false", standard, errors);

    public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

internal sealed class TextValue(int maximumLength, bool allowNull = false) : ConfigurationValue<string?>
{
    public override string? Read(JsonElement element, string path, string? standard, List<ConfigurationError> errors) =>
        element.ValueKind switch
        {
            JsonValueKind.Null when allowNull => null,
            JsonValueKind.String when element.GetString() is { Length: > 0 } text
                && text.Length <= maximumLength && !text.Any(char.IsControl) => text,
            _ => Refuse(element, path, $"a text of 1 to {maximumLength} characters without control characters", standard, errors),
        };

    public override void Write(Utf8JsonWriter writer, string? value) => writer.WriteStringValue(value);

    public override JsonObject Schema() =>
        new() { ["type"] = allowNull ? new JsonArray("string", "null") : "string", ["minLength"] = 1, ["maxLength"] = maximumLength };
}

/// <summary>A value of an enumeration, by its name: of those allowed, or any.</summary>
internal sealed class ChoiceValue<T>(T[]? allowed) : ConfigurationValue<T>
    where T : struct, Enum
{
    private readonly T[] _values = allowed ?? Enum.GetValues<T>();

    public override T Read(JsonElement element, string path, T standard, List<ConfigurationError> errors)
    {
        int index = Array.FindIndex(_values, value => IsText(element, NameOf(value)));
        return index >= 0 ? _values[index] : Refuse(element, path, $"one of {List(_values.Select(NameOf))}", standard, errors);
    }

    public override void Write(Utf8JsonWriter writer, T value) => writer.WriteStringValue(NameOf(value));

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. _values.Select(value => (JsonNode)NameOf(value))]) };
}
