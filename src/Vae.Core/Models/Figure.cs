using System.Text.Json.Serialization;

namespace Vae.Core.Models;

/// <summary>
/// A figure of a pass over images: sums over examples under a name, and what is told of them. Not every figure is a mean: a perplexity is
/// made of the counts of a whole epoch, and is no mean of perplexities.
/// </summary>
/// <param name="Name">In snake_case, as metrics.jsonl has it.</param>
/// <param name="Length">How many sums it has.</param>
/// <param name="Finish">From the sums and the number of images to what is told; null for the mean of a single sum.</param>
internal sealed record Figure(string Name, int Length = 1, Func<IReadOnlyList<double>, long, double>? Finish = null)
{
    /// <summary>The figures that every pass has, means in nats per image: what was minimized, E_q[log p(x|z)], KL(q(z|x)‖p(z)).</summary>
    public static IReadOnlyList<Figure> Common { get; } = [new("loss"), new("reconstruction"), new("kl")];

    /// <summary>What the sums over so many images come to.</summary>
    public double Of(IReadOnlyList<double> sums, long images) => Finish?.Invoke(sums, images) ?? sums[0] / images;
}

/// <summary>
/// The figures of one pass by name, in the order in which they are told. Elbo = Reconstruction − Kl, higher is better; Loss is what was
/// minimized (the objective with its β), lower is better. Equal when all names and values are.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class EpochFigures : IEquatable<EpochFigures>
{
    private readonly KeyValuePair<string, double>[] _values;

    private EpochFigures(IEnumerable<KeyValuePair<string, double>> values) => _values = [.. values];

    /// <summary>The common figures, in nats per image, and those of a model.</summary>
    public EpochFigures(double loss, double reconstruction, double kl, IEnumerable<KeyValuePair<string, double>>? further = null)
        : this(
        [new("loss", loss), new("elbo", reconstruction - kl), new("reconstruction", reconstruction), new("kl", kl), .. further ?? []])
    {
    }

    /// <summary>The minimized objective.</summary>
    public double Loss => this["loss"];

    /// <summary>E_q[log p(x|z)] − KL(q(z|x)‖p(z)), always with β = 1.</summary>
    public double Elbo => this["elbo"];

    /// <summary>E_q[log p(x|z)], usually negative.</summary>
    public double Reconstruction => this["reconstruction"];

    /// <summary>KL(q(z|x)‖p(z)), never negative where it has a closed form.</summary>
    public double Kl => this["kl"];

    /// <summary>All of them.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> All => _values;

    /// <summary>The figure of a name, NaN where there is none.</summary>
    public double this[string name] => _values.FirstOrDefault(figure => figure.Key == name, new(name, double.NaN)).Value;

    /// <summary>What sums over so many images come to.</summary>
    /// <param name="model">The model's own figures.</param>
    /// <param name="sums">Sums by name; those of a name that is missing are 0.</param>
    /// <param name="images">How many images.</param>
    internal static EpochFigures Of(IReadOnlyList<Figure> model, IReadOnlyDictionary<string, double[]> sums, long images)
    {
        double Value(Figure figure) => figure.Of(sums.GetValueOrDefault(figure.Name) ?? new double[figure.Length], images);
        double[] common = [.. Figure.Common.Select(Value)];
        return new(common[0], common[1], common[2], model.Select(figure => KeyValuePair.Create(figure.Name, Value(figure))));
    }

    /// <inheritdoc/>
    public bool Equals(EpochFigures? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EpochFigures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Loss, Elbo, Reconstruction, Kl);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", _values.Select(figure => FormattableString.Invariant($"{figure.Key} {figure.Value}")));

    // An object of finite numbers, the common ones among them.
    internal sealed class Converter : JsonConverter<EpochFigures>
    {
        public override EpochFigures Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            EpochFigures figures = new(document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Select(figure => KeyValuePair.Create(figure.Name, Number(figure.Value)))
                : []);
            return double.IsFinite(figures.Loss + figures.Elbo + figures.Reconstruction + figures.Kl) ? figures : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, EpochFigures value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach ((string name, double number) in value._values)
            {
                writer.WriteNumber(name, number);
            }

            writer.WriteEndObject();
        }

        private static double Number(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : throw new JsonException();
    }
}
