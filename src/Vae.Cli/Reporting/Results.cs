using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vae.Core.Evaluation;
using Vae.Core.Models;

namespace Vae.Cli.Reporting;

/// <summary>Numbers as people read them, the same in every locale.</summary>
internal static class Figures
{
    /// <summary>"42 s", "1:23" or "2:03:04".</summary>
    public static string Duration(TimeSpan time)
    {
        long seconds = (long)Math.Round(time.TotalSeconds);
        (long hours, long minutes) = (seconds / 3600, seconds / 60 % 60);
        return hours > 0 ? Invariant($"{hours}:{minutes:00}:{seconds % 60:00}")
            : minutes > 0 ? Invariant($"{minutes}:{seconds % 60:00}")
            : Invariant($"{seconds} s");
    }

    /// <summary>"987 bytes", "28.9 kB" or "9.9 MB", in powers of ten as download pages have them.</summary>
    public static string Bytes(long count) => count switch
    {
        < 1_000 => Invariant($"{count} bytes"),
        < 1_000_000 => Invariant($"{count / 1e3:0.0} kB"),
        < 1_000_000_000 => Invariant($"{count / 1e6:0.0} MB"),
        _ => Invariant($"{count / 1e9:0.0} GB"),
    };

    /// <summary>What is told of a pass while training: all its figures but the loss, which is the ELBO with another sign and β.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Told(EpochFigures figures) => figures.All.Where(figure => figure.Key != "loss");
}

/// <summary>What `eval-elbo` and `train --json` print.</summary>
internal static class Results
{
    private const string RoughError = ", itself rough: few images with few effective samples";
    private const string FarBound = ", too few to tell how far log p(x) lies above this bound; raise K";
    private const string NoBits = "none: a density of grey pixels that are not dequantized";

    // Paths stay readable: nobody puts this line into a web page.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A table for people, in nats per image. What cannot be known from so few images or draws has no row and no ±.</summary>
    public static string Table(EvaluationResult result, string images)
    {
        string rough = result.MonteCarloErrorIsRough ? RoughError : "";
        string far = result.BoundIsFar ? FarBound : "";
        Estimate logLikelihood = new(result.LogLikelihood, result.LogLikelihoodStandardError);
        (string Name, string? Value)[] rows =
        [
            ("images", Invariant($"{result.Images:N0} of {images}")),
            ("ELBO", Nats(result.Elbo)),
            ("reconstruction", Nats(result.Reconstruction)),
            ("KL", Nats(result.Kl)),
            ("log p(x)", Invariant($"{Nats(logLikelihood)} (K = {result.ImportanceSamples:N0})")),
            ("error of the draws", result.MonteCarloError is { } error ? Nats(error) + rough : null),
            ("effective samples", Invariant($"{result.EffectiveSampleSize:0.0} of {result.ImportanceSamples:N0}{far}")),
            ("bits per dimension", result.BitsPerDimension is { } bits ? Invariant($"{bits:0.0000}") : NoBits),
            ("active units", result.ActiveUnits is { } units ? Invariant($"{units} of {result.Latent}") : null),
            ("mutual information", Nats(result.Decomposition?.MutualInformation)),
            ("total correlation", Nats(result.Decomposition?.TotalCorrelation)),
            ("dimension-wise KL", Nats(result.Decomposition?.DimensionWiseKl)),
            .. result.Figures.Select(figure => (figure.Key.Replace('_', ' '), Nats(figure.Value))),
            .. result.Curve.SkipLast(1).Select(point => (Invariant($"log p(x), K = {point.Samples:N0}"), Nats(point.LogLikelihood))),
        ];
        int width = rows.Max(row => row.Value is null ? 0 : row.Name.Length);
        return string.Join('\n', rows.Where(row => row.Value is not null).Select(row => $"{row.Name.PadRight(width)}  {row.Value}"));
    }

    /// <summary>One object on one line, in nats per image. What cannot be known from so few images or draws is null.</summary>
    public static string Json(EvaluationResult result, string images)
    {
        KlDecomposition? parts = result.Decomposition;
        JsonObject json = new()
        {
            ["split"] = images,
            ["examples"] = result.Images,
            ["elbo"] = result.Elbo,
            ["reconstruction"] = result.Reconstruction,
            ["kl"] = result.Kl,
            ["log_likelihood"] = result.LogLikelihood,
            ["log_likelihood_se"] = result.LogLikelihoodStandardError,
            ["importance_samples"] = result.ImportanceSamples,
            ["bits_per_dim"] = result.BitsPerDimension,
            ["active_units"] = result.ActiveUnits,
            ["latent"] = result.Latent,
            ["log_likelihood_monte_carlo_se"] = result.MonteCarloError,
            ["log_likelihood_monte_carlo_se_is_rough"] = result.MonteCarloErrorIsRough,
            ["effective_sample_size"] = result.EffectiveSampleSize,
            ["curve"] = new JsonArray([.. result.Curve.Select(point => new JsonObject
            {
                ["k"] = point.Samples,
                ["log_likelihood"] = point.LogLikelihood,
                ["se"] = point.StandardError,
                ["ess"] = point.EffectiveSampleSize,
            })]),
            ["kl_per_dimension"] = new JsonArray([.. result.KlPerDimension.Select(kl => JsonValue.Create(kl))]),
            ["decomposition_draws"] = parts?.Draws,
        };
        foreach ((string name, Estimate? estimate) in ((string, Estimate?)[])
        [
            ("decomposed_kl", parts?.Kl), ("mutual_information", parts?.MutualInformation), ("marginal_kl", parts?.MarginalKl),
            ("total_correlation", parts?.TotalCorrelation), ("dimension_wise_kl", parts?.DimensionWiseKl),
        ])
        {
            json[name] = estimate?.Value;
            json[$"{name}_se"] = estimate?.StandardError;
        }

        foreach ((string name, double value) in result.Figures)
        {
            json[name] = value;
        }

        return json.ToJsonString();
    }

    /// <summary>One object on one line, in snake_case; best_elbo is null before the first epoch is done.</summary>
    public static string Json(TrainingOutcome outcome) => new JsonObject
    {
        ["run"] = outcome.RunFolder,
        ["epochs"] = outcome.Epochs,
        ["steps"] = outcome.Steps,
        ["best_epoch"] = outcome.BestEpoch,
        ["best_elbo"] = outcome.BestElbo is { } best && double.IsFinite(best) ? best : null,
        ["seconds"] = Math.Round(outcome.Seconds, 3),
        ["interrupted"] = outcome.Interrupted,
    }.ToJsonString(Readable);

    private static string Nats(double value) => Invariant($"{value:0.000}");

    private static string? Nats(Estimate? estimate) => estimate is { } known
        ? Nats(known.Value) + (known.StandardError is { } error ? $" ± {Nats(error)}" : "")
        : null;
}
