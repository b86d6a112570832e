using System.Collections;

namespace Vae.Core.Configuration;

/// <summary>A record that a whole configuration file is read into.</summary>
internal interface IConfiguration<T>
    where T : IConfiguration<T>
{
    /// <summary>What a file is read into; required keys have any value.</summary>
    static abstract T Defaults { get; }

    /// <summary>Keys and values that earlier versions had.</summary>
    static abstract IReadOnlyList<GoneKey> GoneKeys { get; }

    /// <summary>The keys.</summary>
    static abstract T Map(ConfigurationVisitor visitor, T value);

    /// <summary>What keys forbid one another.</summary>
    IEnumerable<ConfigurationError> Check();
}

/// <summary>
/// Walks the keys of a section. Each record names its keys once, in its <c>Map</c>, with limits and a description; reading, writing
/// and the schema are visitors of that one list, so they cannot disagree. A method gets the value of a key (its default when
/// reading) and gives back the value that the key shall have.
/// </summary>
internal abstract class ConfigurationVisitor
{
    public long Integer(string name, long value, long minimum, long maximum, string description) =>
        Value(name, value, new IntegerValue(minimum, maximum), description)!.Value;

    public int Integer(string name, int value, int minimum, int maximum, string description) =>
        (int)Integer(name, (long)value, minimum, maximum, description);

    public int? OptionalInteger(string name, int? value, int minimum, int maximum, string description) =>
        (int?)Value(name, value, new IntegerValue(minimum, maximum, allowNull: true), description);

    public ValueList<int> Integers(string name, ValueList<int> value, int minimum, int maximum, int maximumCount, string description) =>
        Value(name, value, new IntegersValue(minimum, maximum, maximumCount), description);

    public double Real(string name, double value, Interval interval, string description) =>
        Value(name, value, new RealValue(interval), description);

    public bool Boolean(string name, bool value, string description) => Value(name, value, new BooleanValue(), description);

    public string Text(string name, string value, int maximumLength, string description) =>
        Value(name, value, new TextValue(maximumLength), description)!;

    public string? OptionalText(string name, string? value, int maximumLength, string description) =>
        Value(name, value, new TextValue(maximumLength, allowNull: true), description);

    /// <summary>One value of an enumeration, by its name: of those allowed, or any.</summary>
    public T Choice<T>(string name, T value, string description, T[]? allowed = null)
        where T : struct, Enum => Value(name, value, new ChoiceValue<T>(allowed), description);

    /// <summary>An object with a fixed set of keys.</summary>
    public abstract T Section<T>(string name, T value, Func<ConfigurationVisitor, T, T> map, string description)
        where T : notnull;

    /// <summary>An object whose keys depend on its <c>kind</c>, or the kind's name alone, which leaves them at their defaults.</summary>
    /// <param name="name">The key.</param>
    /// <param name="value">Its value; where it is required and read, any value.</param>
    /// <param name="kinds">The kinds there are.</param>
    /// <param name="description">What the key is for.</param>
    /// <param name="required">The key has no default, and a kind without keys is written as its name alone.</param>
    public abstract T Variant<T>(string name, T value, IReadOnlyList<Kind<T>> kinds, string description, bool required = false)
        where T : notnull;

    protected abstract T Value<T>(string name, T value, ConfigurationValue<T> type, string description);
}

/// <summary>One kind of a polymorphic record: its name in the file, its default, its keys.</summary>
internal sealed record Kind<TBase>(string Name, Type Type, Func<TBase> Default, Func<ConfigurationVisitor, TBase, TBase> Map, bool HasKeys)
    where TBase : notnull
{
    /// <summary>Whether its name is left out when it is written: files of the time when there was no other do not have it.</summary>
    public bool IsImplied { get; init; }
}

internal static class Kind
{
    /// <summary>A kind with keys of its own.</summary>
    public static Kind<TBase> Of<TBase, T>(string name, Func<ConfigurationVisitor, T, T> map)
        where TBase : notnull
        where T : TBase, new() =>
        new(name, typeof(T), () => new T(), (visitor, value) => map(visitor, (T)value), HasKeys: true);

    /// <summary>A kind without keys.</summary>
    public static Kind<TBase> Of<TBase, T>(string name)
        where TBase : notnull
        where T : TBase, new() => Of<TBase, T>(name, (_, value) => value) with { HasKeys = false };

    /// <summary>The kind that a value is of.</summary>
    public static Kind<TBase> Find<TBase>(IReadOnlyList<Kind<TBase>> kinds, TBase value)
        where TBase : notnull => kinds.Single(kind => kind.Type == value.GetType());
}

/// <summary>The finite numbers between two limits.</summary>
internal sealed record Interval(double Minimum, bool IncludesMinimum, double Maximum = double.PositiveInfinity)
{
    public static readonly Interval Positive = new(0, false);

    public static readonly Interval NotNegative = new(0, true);

    /// <summary>0 to 1, without 1: a decay rate.</summary>
    public static readonly Interval Decay = new(0, true, 1);

    public bool Contains(double value) =>
        double.IsFinite(value) && (IncludesMinimum ? value >= Minimum : value > Minimum) && value < Maximum;

    public override string ToString() =>
        FormattableString.Invariant($"a finite number {(IncludesMinimum ? "of at least" : "above")} {Minimum}")
        + (double.IsFinite(Maximum) ? FormattableString.Invariant($" and below {Maximum}") : "");
}

/// <summary>
/// An immutable list that is equal to another when its items are. Records compare their members with <c>Equals</c>, so an array in
/// a record would make two equal configurations unequal.
/// </summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
internal sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    internal ValueList(ReadOnlySpan<T> items) => _items = items.ToArray();

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _items.Aggregate(0, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes <see cref="ValueList{T}"/> from collection expressions.</summary>
internal static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
