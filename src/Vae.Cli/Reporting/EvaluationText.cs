using System.Text;
using System.Text.Json;
using Vae.Core.Data;
using Vae.Core.Evaluation;
using static Vae.Cli.Reporting.Figures;

namespace Vae.Cli.Reporting;

/// <summary>What `eval-elbo` prints.</summary>
internal static class EvaluationText
{
    /// <summary>A table for people, figures in nats per image.</summary>
    public static string Table(EvaluationResult result, string images)
    {
        (string Name, string Value)[] rows =
        [
            ("images", Invariant($"{result.Images:N0} of {images}")),
            ("ELBO", Invariant($"{result.Elbo:0.000}")),
            ("reconstruction", Invariant($"{result.Reconstruction:0.000}")),
            ("KL", Invariant($"{result.Kl:0.000}")),
            ("log p(x)", Invariant($"{result.LogLikelihood:0.000} ± {result.LogLikelihoodStandardError:0.000} (K = {result.ImportanceSamples:N0})")),
            ("effective samples", Invariant($"{result.EffectiveSampleSize:0.0} of {result.ImportanceSamples:N0}")),
            ("bits per dimension", result.BitsPerDimension is { } bits ? Invariant($"{bits:0.0000}") : "none: a density of grey pixels that are not dequantized"),
            ("active units", Invariant($"{result.ActiveUnits} of {result.Latent}")),
            ("mutual information", Text(result.Decomposition.MutualInformation)),
            ("total correlation", Text(result.Decomposition.TotalCorrelation)),
            ("dimension-wise KL", Text(result.Decomposition.DimensionWiseKl)),
            .. result.Curve.SkipLast(1).Select(point => (Invariant($"log p(x), K = {point.Samples:N0}"), Invariant($"{point.LogLikelihood:0.000}"))),
        ];
        int width = rows.Max(row => row.Name.Length);
        return string.Join('\n', rows.Select(row => $"{row.Name.PadRight(width)}  {row.Value}"));
    }

    /// <summary>One object on one line; nats per image, elbo and log_likelihood higher is better.</summary>
    public static string Json(EvaluationResult result, string images)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("split", images);
            json.WriteNumber("examples", result.Images);
            json.WriteNumber("elbo", result.Elbo);
            json.WriteNumber("reconstruction", result.Reconstruction);
            json.WriteNumber("kl", result.Kl);
            json.WriteNumber("log_likelihood", result.LogLikelihood);
            json.WriteNumber("log_likelihood_se", result.LogLikelihoodStandardError);
            json.WriteNumber("importance_samples", result.ImportanceSamples);
            if (result.BitsPerDimension is { } bits)
            {
                json.WriteNumber("bits_per_dim", bits);
            }
            else
            {
                json.WriteNull("bits_per_dim");
            }

            json.WriteNumber("active_units", result.ActiveUnits);
            json.WriteNumber("latent", result.Latent);
            json.WriteNumber("log_likelihood_monte_carlo_se", result.MonteCarloError);
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
            json.WriteNumber("se", point.StandardError);
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
        KlDecomposition parts = result.Decomposition;
        json.WriteNumber("decomposition_draws", parts.Draws);
        WriteEstimate(json, "decomposed_kl", parts.Kl);
        WriteEstimate(json, "mutual_information", parts.MutualInformation);
        WriteEstimate(json, "marginal_kl", parts.MarginalKl);
        WriteEstimate(json, "total_correlation", parts.TotalCorrelation);
        WriteEstimate(json, "dimension_wise_kl", parts.DimensionWiseKl);
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteNumber(name, estimate.Value);
        json.WriteNumber(name + "_se", estimate.StandardError);
    }

    private static string Text(Estimate estimate) => Invariant($"{estimate.Value:0.000} ± {estimate.StandardError:0.000}");

    /// <summary>What the images are called: the split, or the path given.</summary>
    public static string ImagesName(Split split, string? input) => input ?? split.ToString().ToLowerInvariant();
}
