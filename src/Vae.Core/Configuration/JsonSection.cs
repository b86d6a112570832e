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
    private readonly IReadOnlyList<GoneKey> _goneKeys;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private JsonSection(JsonElement? element, string path, List<ConfigurationError> errors, IReadOnlyList<GoneKey> goneKeys)
    {
        _path = path;
        _errors = errors;
        _goneKeys = goneKeys;
        if (element is not { } present)
        {
            return;
        }

        HashSet<string> twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in present.EnumerateObject())
        {
            if (Gone(property) is { } gone)
            {
                _errors.Add(new(gone.Path, gone.Message, IsGone: true));
            }
            else if (!_values.TryAdd(property.Name, property.Value) && twice.Add(property.Name))
            {
                Report(property.Name, "stands more than once; keep one");
            }
        }
    }

    /// <summary>Reads an object, or the defaults where there is none, and notes the keys that are unknown and not to be ignored.</summary>
    public static T Read<T>(
        JsonElement? element,
        string path,
        List<ConfigurationError> errors,
        IReadOnlyList<GoneKey> goneKeys,
        Func<ConfigurationVisitor, T, T> map,
        T value,
        params ReadOnlySpan<string> ignored)
    {
        if (element is { ValueKind: not JsonValueKind.Object } other)
        {
            errors.Add(new(path, $"expected an object, found {Found(other)}"));
            return value;
        }

        JsonSection section = new JsonSection(element, path, errors, goneKeys);
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

    public override T Section<T>(string name, T value, Func<ConfigurationVisitor, T, T> map, string description) =>
        Read(Take(name), Path(_path, name), _errors, _goneKeys, map, value);

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
            string expected = kinds.Any(kind => kind.IsImplied) ? "an object" : $"an object with a kind, or one of {List(names)}";
            Report(name, $"expected {expected}, found {Found(element)}");
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
        return Read(element.ValueKind == JsonValueKind.Object ? element : null, path, _errors, _goneKeys, WithKind(known), start);
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

    protected override T Value<T>(string name, T value, ConfigurationValue<T> type, string description) =>
        Take(name) is { } element ? type.Read(element, Path(_path, name), value, _errors) : value;

    // A loop: what a closure takes for each key of a hostile file is more than the tests of its memory allow.
    private GoneKey? Gone(JsonProperty property)
    {
        string path = Path(_path, property.Name);
        foreach (GoneKey key in _goneKeys)
        {
            if (key.Names(path, property.Value))
            {
                return key;
            }
        }

        return null;
    }

    private void Report(string name, string message) => _errors.Add(new(Path(_path, name), message));
}
