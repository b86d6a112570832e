using System.Text.Json;
using static Vae.Core.Configuration.ConfigurationText;

namespace Vae.Core.Configuration;

/// <summary>
/// Reads one JSON object key by key. What is missing keeps its default, what is wrong is noted with its path and keeps its default
/// too, so that one pass finds every error. The keys that were asked for are the keys there are: all others are unknown.
/// </summary>
internal sealed class JsonSection : ConfigurationVisitor
{
    /// <summary>More than anyone reads; to look for what each key may have meant takes time and memory.</summary>
    private const int MostSuggestions = 100;

    private readonly string _path;
    private readonly List<ConfigurationError> _errors;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private JsonSection(JsonElement? element, string path, List<ConfigurationError> errors)
    {
        _path = path;
        _errors = errors;
        if (element is not { } present)
        {
            return;
        }

        HashSet<string> twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in present.EnumerateObject())
        {
            if (GoneKey.Find(Path(path, property.Name), property.Value) is { } gone)
            {
                _errors.Add(new(gone.Path, gone.Message, IsGone: true));
            }
            else if (!_values.TryAdd(property.Name, property.Value) && twice.Add(property.Name))
            {
                Report(property.Name, "stands more than once; keep one");
            }
        }
    }

    /// <summary>
    /// Reads an object, or the defaults where there is none, and notes the keys that nobody asked for, but for those to be ignored.
    /// </summary>
    public static T Read<T>(
        JsonElement? element,
        string path,
        List<ConfigurationError> errors,
        Func<ConfigurationVisitor, T, T> map,
        T value,
        params ReadOnlySpan<string> ignored)
    {
        if (element is { ValueKind: not JsonValueKind.Object } other)
        {
            errors.Add(new(path, $"expected an object, found {Found(other)}"));
            return value;
        }

        JsonSection section = new JsonSection(element, path, errors);
        T? read = map(section, value);
        int unknown = 0;
        foreach (string? name in section._values.Keys.Where(name => !section._known.Contains(name)))
        {
            if (!ignored.Contains(name))
            {
                unknown++;
                section.Report(name, unknown <= MostSuggestions ? $"unknown key; {Suggest(name, section._known)}" : "unknown key");
            }
        }

        return read;
    }

    public override long Integer(string name, long value, long minimum, long maximum, string description) =>
        Take(name) is { } element ? IntegerOf(element, Path(_path, name), value, minimum, maximum) : value;

    public override long? OptionalInteger(string name, long? value, long minimum, long maximum, string description) => Take(name) switch
    {
        null => value,
        { ValueKind: JsonValueKind.Null } => null,
        { } element => IntegerOf(element, Path(_path, name), value ?? minimum, minimum, maximum),
    };

    public override ValueList<int> Integers(
        string name, ValueList<int> value, int minimum, int maximum, int maximumCount, string description)
    {
        if (Take(name) is not { } element)
        {
            return value;
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > maximumCount)
        {
            Report(name, $"expected an array of up to {maximumCount} integers, found "
                + (element.ValueKind == JsonValueKind.Array ? $"{element.GetArrayLength()}" : Found(element)));
            return value;
        }

        string path = Path(_path, name);
        return [.. element.EnumerateArray().Select((item, i) => (int)IntegerOf(item, $"{path}[{i}]", minimum, minimum, maximum))];
    }

    public override double Real(string name, double value, Interval interval, string description)
    {
        if (Take(name) is not { } element)
        {
            return value;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && interval.Contains(number))
        {
            return number + 0.0; // −0 becomes 0: equal numbers shall be written alike
        }

        Report(name, $"expected {interval}, found {Found(element)}");
        return value;
    }

    public override bool Boolean(string name, bool value, string description)
    {
        if (Take(name) is not { } element)
        {
            return value;
        }

        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return element.GetBoolean();
        }

        Report(name, $"expected true or false, found {Found(element)}");
        return value;
    }

    public override string Text(string name, string value, int maximumLength, string description) =>
        OptionalText(name, value, maximumLength, allowNull: false) ?? value;

    public override string? OptionalText(string name, string? value, int maximumLength, string description) =>
        OptionalText(name, value, maximumLength, allowNull: true);

    public override T Choice<T>(string name, T value, string description, T[]? allowed = null)
    {
        IReadOnlyList<string> names = ConfigurationName.All(allowed);
        if (Take(name) is not { } element)
        {
            return value;
        }

        if (element.ValueKind == JsonValueKind.String && ConfigurationName.TryParse(element.GetString()!, out T parsed) && names.Contains(element.GetString()))
        {
            return parsed;
        }

        Report(name, $"expected one of {List(names)}, found {Found(element)}");
        return value;
    }

    public override T Section<T>(string name, T value, Func<ConfigurationVisitor, T, T> map, string description) =>
        Read(Take(name), Path(_path, name), _errors, map, value);

    public override T Variant<T>(string name, T value, IReadOnlyList<Kind<T>> kinds, string description, bool required = false)
    {
        string[] names = kinds.Select(kind => kind.Name).ToArray();
        if (Take(name) is not { } element)
        {
            if (required)
            {
                Report(name, $"is missing; give one of {List(names)}");
            }

            return value;
        }

        string path = Path(_path, name);
        (JsonElement? chosen, string? place) = element.ValueKind switch
        {
            JsonValueKind.String => (element, path),
            JsonValueKind.Object when element.TryGetProperty("kind", out JsonElement kind) => (kind, Path(path, "kind")),
            _ => (default(JsonElement?), path),
        };
        if (chosen is null && (required || element.ValueKind != JsonValueKind.Object))
        {
            Report(name, $"expected an object with a kind, or one of {List(names)}, found {Found(element)}");
            return value;
        }

        Kind<T> kindOfValue = Kind.Find(kinds, value);
        Kind<T>? known = chosen is null ? kindOfValue : kinds.FirstOrDefault(kind => IsText(chosen.Value, kind.Name));
        if (known is null)
        {
            _errors.Add(new(place, $"expected one of {List(names)}, found {Found(chosen!.Value)}"));
            return value;
        }

        T start = known == kindOfValue ? value : known.Default();
        return Read(element.ValueKind == JsonValueKind.Object ? element : null, path, _errors, WithKind(known), start);
    }

    /// <summary>The keys of a kind and the key <c>kind</c> itself, which has been read already.</summary>
    private static Func<ConfigurationVisitor, T, T> WithKind<T>(Kind<T> kind)
        where T : notnull => (visitor, value) =>
        {
            ((JsonSection)visitor)._known.Add("kind");
            return kind.Map(visitor, value);
        };

    private JsonElement? Take(string name)
    {
        _known.Add(name);
        return _values.TryGetValue(name, out JsonElement element) ? element : null;
    }

    private long IntegerOf(JsonElement element, string path, long fallback, long minimum, long maximum)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        _errors.Add(new(path, $"expected an integer of {minimum} to {maximum}, found {Found(element)}"));
        return fallback;
    }

    private string? OptionalText(string name, string? value, int maximumLength, bool allowNull)
    {
        if (Take(name) is not { } element)
        {
            return value;
        }

        if (allowNull && element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text
            && text.Length <= maximumLength && !text.Any(char.IsControl))
        {
            return text;
        }

        Report(name, $"expected a text of 1 to {maximumLength} characters without control characters, found {Found(element)}");
        return value;
    }

    private void Report(string name, string message) => _errors.Add(new(Path(_path, name), message));
}
