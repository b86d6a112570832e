using System.Text;
using System.Text.Json;
using Vae.Core.Data;
using Vae.Core.Evaluation;
using static Vae.Cli.Reporting.Figures;

namespace Vae.Cli.Reporting;

/// <summary>What `eval-elbo` prints.</summary>
internal static class EvaluationText
{
    private const string RoughError = ", itself rough: few images with few effective samples";
    private const string FarBound = ", too few to tell how far log p(x) lies above this bound; raise K";

    /// <summary>A table for people, figures in nats per image. What cannot be known from so few images or draws has no row and no ±.</summary>
    public static string Table(EvaluationResult result, string images)
    {
        (string Name, string Value)[] rows =
        [
            ("images", Invariant($"{result.Images:N0} of {images}")),
            ("ELBO", Invariant($"{result.Elbo:0.000}")),
            ("reconstruction", Invariant($"{result.Reconstruction:0.000}")),
            ("KL", Invariant($"{result.Kl:0.000}")),
            ("log p(x)", Invariant($"{Text(new Estimate(result.LogLikelihood, result.LogLikelihoodStandardError))} (K = {result.ImportanceSamples:N0})")),
            .. Row("error of the draws", result.MonteCarloError, error => Invariant($"{error:0.000}{(result.MonteCarloErrorIsRough ? RoughError : "")}")),
            ("effective samples", Invariant($"{result.EffectiveSampleSize:0.0} of {result.ImportanceSamples:N0}{(result.BoundIsFar ? FarBound : "")}")),
            ("bits per dimension", result.BitsPerDimension is { } bits ? Invariant($"{bits:0.0000}") : "none: a density of grey pixels that are not dequantized"),
            .. Row("active units", result.ActiveUnits, units => Invariant($"{units} of {result.Latent}")),
            .. Row("mutual information", result.Decomposition?.MutualInformation, Text),
            .. Row("total correlation", result.Decomposition?.TotalCorrelation, Text),
            .. Row("dimension-wise KL", result.Decomposition?.DimensionWiseKl, Text),
            .. result.Figures.Select(figure => (figure.Key.Replace('_', ' '), Invariant($"{figure.Value:0.000}"))),
            .. result.Curve.SkipLast(1).Select(point => (Invariant($"log p(x), K = {point.Samples:N0}"), Invariant($"{point.LogLikelihood:0.000}"))),
        ];
        int width = rows.Max(row => row.Name.Length);
        return string.Join('\n', rows.Select(row => $"{row.Name.PadRight(width)}  {row.Value}"));
    }

    /// <summary>
    /// One object on one line; nats per image, elbo and log_likelihood higher is better. What cannot be known from so few images or draws is
    /// null.
    /// </summary>
    public static string Json(EvaluationResult result, string images)
    {
        using MemoryStream buffer = new MemoryStream();
        using (Utf8JsonWriter json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("split", images);
            json.WriteNumber("examples", result.Images);
            json.WriteNumber("elbo", result.Elbo);
            json.WriteNumber("reconstruction", result.Reconstruction);
            json.WriteNumber("kl", result.Kl);
            json.WriteNumber("log_likelihood", result.LogLikelihood);
            WriteNumber(json, "log_likelihood_se", result.LogLikelihoodStandardError);
            json.WriteNumber("importance_samples", result.ImportanceSamples);
            WriteNumber(json, "bits_per_dim", result.BitsPerDimension);
            WriteNumber(json, "active_units", result.ActiveUnits);
            json.WriteNumber("latent", result.Latent);
            WriteNumber(json, "log_likelihood_monte_carlo_se", result.MonteCarloError);
            json.WriteBoolean("log_likelihood_monte_carlo_se_is_rough", result.MonteCarloErrorIsRough);
            json.WriteNumber("effective_sample_size", result.EffectiveSampleSize);
            WriteCurve(json, result.Curve);
            WriteDecomposition(json, result);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteCurve(Utf8JsonWriter json, IReadOnlyList<CurvePoint> curve)
    {
        json.WriteStartArray("curve");
        foreach (CurvePoint point in curve)
        {
            json.WriteStartObject();
            json.WriteNumber("k", point.Samples);
            json.WriteNumber("log_likelihood", point.LogLikelihood);
            WriteNumber(json, "se", point.StandardError);
            json.WriteNumber("ess", point.EffectiveSampleSize);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDecomposition(Utf8JsonWriter json, EvaluationResult result)
    {
        json.WriteStartArray("kl_per_dimension");
        foreach (double kl in result.KlPerDimension)
        {
            json.WriteNumberValue(kl);
        }

        json.WriteEndArray();
        KlDecomposition? parts = result.Decomposition;
        WriteNumber(json, "decomposition_draws", parts?.Draws);
        WriteEstimate(json, "decomposed_kl", parts?.Kl);
        WriteEstimate(json, "mutual_information", parts?.MutualInformation);
        WriteEstimate(json, "marginal_kl", parts?.MarginalKl);
        WriteEstimate(json, "total_correlation", parts?.TotalCorrelation);
        WriteEstimate(json, "dimension_wise_kl", parts?.DimensionWiseKl);
        foreach ((string name, double value) in result.Figures)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        WriteNumber(json, name, estimate?.Value);
        WriteNumber(json, name + "_se", estimate?.StandardError);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Text(Estimate estimate) =>
        Invariant($"{estimate.Value:0.000}{(estimate.StandardError is { } error ? Invariant($" ± {error:0.000}") : "")}");

    private static (string, string)[] Row<T>(string name, T? value, Func<T, string> text)
        where T : struct => value is { } known ? [(name, text(known))] : [];

    /// <summary>What the images are called: the split, or the path given.</summary>
    public static string ImagesName(Split split, string? input) => input ?? split.ToString().ToLowerInvariant();
}
