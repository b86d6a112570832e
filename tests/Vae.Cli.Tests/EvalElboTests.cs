using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Vae.Cli.Tests;

/// <summary>`vae eval-elbo`, the whole program, on a run of a few steps.</summary>
public sealed class EvalElboTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private static readonly string[] Promised =
    [
        "split", "examples", "elbo", "reconstruction", "kl", "log_likelihood", "log_likelihood_se", "importance_samples", "bits_per_dim",
        "active_units", "latent", "effective_sample_size", "log_likelihood_monte_carlo_se", "curve", "kl_per_dimension",
        "mutual_information", "total_correlation", "dimension_wise_kl", "marginal_kl", "decomposition_draws",
        "log_likelihood_monte_carlo_se_is_rough",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_object_has_every_promised_key_and_figures_that_agree()
    {
        JsonElement figures = Json("--importance-samples", "100");
        double Of(string key) => figures.GetProperty(key).GetDouble();

        Assert.All(Promised, key => Assert.True(figures.TryGetProperty(key, out _), key));
        Assert.Equal(128, Of("examples"));
        Assert.Equal(Of("elbo"), Of("reconstruction") - Of("kl"), 9);
        Assert.True(Of("log_likelihood") > Of("elbo"));
        Assert.Equal(Of("kl"), figures.GetProperty("kl_per_dimension").EnumerateArray().Sum(kl => kl.GetDouble()), 4);
        Assert.Equal(Of("decomposed_kl"), Of("mutual_information") + Of("total_correlation") + Of("dimension_wise_kl"), 9);
        JsonElement[] curve = [.. figures.GetProperty("curve").EnumerateArray()];
        Assert.Equal([1, 10, 100], curve.Select(point => point.GetProperty("k").GetInt32()));
        Assert.Equal(Of("log_likelihood"), curve[2].GetProperty("log_likelihood").GetDouble());
        double[] bounds = [.. curve.Select(point => point.GetProperty("log_likelihood").GetDouble())];
        Assert.Equal(bounds.Order(), bounds);
    }

    [Fact]
    public void A_number_of_images_takes_the_first_ones() =>
        Assert.Equal(9, Json("--images", "9", "-k", "2").GetProperty("examples").GetInt32());

    [Fact]
    public void One_image_has_figures_but_no_spread_over_images()
    {
        JsonElement figures = Json("--images", "1", "-k", "20");
        string[] unknown =
        [
            "log_likelihood_se", "active_units", "decomposed_kl_se", "mutual_information_se", "marginal_kl_se", "total_correlation_se",
            "dimension_wise_kl_se",
        ];
        Assert.All(unknown, key => Assert.Equal(JsonValueKind.Null, figures.GetProperty(key).ValueKind));
        Assert.All(
            figures.GetProperty("curve").EnumerateArray(), point => Assert.Equal(JsonValueKind.Null, point.GetProperty("se").ValueKind));
        Assert.True(figures.GetProperty("log_likelihood_monte_carlo_se").GetDouble() > 0);
        Assert.True(figures.GetProperty("log_likelihood_monte_carlo_se_is_rough").GetBoolean());

        string table = Evaluate("--images", "1", "-k", "20").Out;
        Assert.DoesNotContain("±", table, StringComparison.Ordinal);
        Assert.DoesNotContain("active units", table, StringComparison.Ordinal);
        Assert.Matches(@"error of the draws +[0-9.]+, itself rough", table);
    }

    [Fact]
    public void One_draw_an_image_has_no_error_of_the_draws()
    {
        Assert.Equal(JsonValueKind.Null, Json("-k", "1").GetProperty("log_likelihood_monte_carlo_se").ValueKind);
        string table = Evaluate("-k", "1").Out;
        Assert.DoesNotContain("error of the draws", table, StringComparison.Ordinal);
        Assert.Matches(@"effective samples +1\.0 of 1, too few to tell how far log p\(x\) lies above this bound", table);
    }

    [Fact]
    public void The_table_for_people_names_what_it_tells()
    {
        Invocation evaluated = Evaluate("-k", "20");

        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        string[] names =
        [
            "ELBO", "reconstruction", "KL", "log p(x)", "error of the draws", "effective samples", "bits per dimension", "active units",
            "mutual information", "total correlation", "dimension-wise KL",
        ];
        foreach (string name in names)
        {
            Assert.Contains(evaluated.Out.Split('\n'), line => line.StartsWith(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_table_of_scores_has_each_image_and_the_mean_of_the_whole()
    {
        string file = _folder.At("scores.csv");
        JsonElement figures = Json("-k", "5", "--per-image", file);
        string[] lines = File.ReadAllLines(file);
        double[] elbos = [.. lines.Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];

        Assert.Equal("index,label,elbo,reconstruction,kl,log_likelihood,ess", lines[0]);
        Assert.Equal(
            Enumerable.Range(0, 128).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Equal(figures.GetProperty("elbo").GetDouble(), elbos.Average(), 4);
    }

    [Fact]
    public void Scores_as_arrays_have_the_same_columns()
    {
        string file = _folder.At("scores.npz");
        Json("-k", "5", "--per-image", file);
        using ZipArchive archive = ZipFile.OpenRead(file);

        Assert.Equal(
            ["index.npy", "label.npy", "elbo.npy", "reconstruction.npy", "kl.npy", "log_likelihood.npy", "ess.npy"],
            archive.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public void A_file_of_scores_that_cannot_be_written_is_told_and_nothing_is_printed()
    {
        Invocation failed = Evaluate("-k", "2", "--per-image", _folder.At("none", "scores.csv"));

        Assert.Equal((ExitCode.OutputUnwritable, ""), (failed.Code, failed.Out));
        Assert.Contains(_folder.At("none"), Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    private JsonElement Json(params string[] args)
    {
        Invocation evaluated = Evaluate(["--json", .. args]);
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        return JsonDocument.Parse(evaluated.Out).RootElement;
    }

    private Invocation Evaluate(params string[] args) => ChildProcess.Run(["eval-elbo", "--run", run.Path, "--device", "cpu", .. args]);
}
