using System.Text.Json;

namespace Vae.Core.Tests.Runs;

/// <summary>Runs that earlier versions wrote (format-1/README.md, format-2/README.md), in the hands of this one.</summary>
public sealed class EarlierFormatTests : IDisposable
{
    // Another libtorch adds float32 in another order, which moves a sum over 784 pixels by some 1e-7 of it.
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();

    private static readonly string[] Names = ["format-1/mlp", "format-1/conv", "format-1/vamp", "format-2/mlp"];

    public static TheoryData<string> Runs { get; } = [.. Names];

    public static IEnumerable<object[]> RunsAndVerbs => from run in Names from verb in Verbs.Keys select new object[] { run, verb };

    // Each verb on a run's last checkpoint, with what it must come to.
    private static Dictionary<string, Action<string>> Verbs { get; } = new()
    {
        ["sample"] = run => AssertImages(4, images => Sample.Run(Of<SampleRequest>(run) with { Count = 4 }, images, default)),
        ["reconstruct"] = run => AssertImages(
            3, images => Reconstruct.Run(Of<ReconstructRequest>(run) with { Count = 3 }, images, default), "reconstructions"),
        ["encode"] = run =>
        {
            CollectedRows written = new();
            Encode.Run(Of<EncodeRequest>(run), written, default);
            Assert.Equal(200, written["mean"].Length);
            Assert.All(written["mean"], value => Assert.True(float.IsFinite(value)));
        },
        ["interpolate"] = run => AssertImages(
            5, images => Interpolate.Run(Of<InterpolateRequest>(run) with { PriorRows = 1, Steps = 5 }, images, default)),
        ["traverse"] = run => AssertImages(6, images => Traverse.Run(Of<TraverseRequest>(run) with { Steps = 3 }, images, default)),
        ["eval-elbo"] = run => Assert.Equal(100, Evaluate(run).Images),
        ["fit-prior"] = run => Assert.Equal(2, FitPrior.Run(Of<FitPriorRequest>(run) with { Components = [2] }, default).Best.Components),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_figures_are_those_that_its_version_told(string run)
    {
        using JsonDocument told = JsonDocument.Parse(File.ReadAllText(Path.Combine(Home(run), "eval-elbo.json")));
        EvaluationResult result = Evaluate(Home(run));
        void Same(string key, double actual) => AssertNear(told.RootElement.GetProperty(key).GetDouble(), actual, key);

        Same("examples", result.Images);
        Same("elbo", result.Elbo);
        Same("reconstruction", result.Reconstruction);
        Same("kl", result.Kl);
        Same("log_likelihood", result.LogLikelihood);
        Same("bits_per_dim", result.BitsPerDimension!.Value);
        Same("effective_sample_size", result.EffectiveSampleSize);
        Same("active_units", result.ActiveUnits!.Value);
        Same("mutual_information", result.Decomposition!.MutualInformation.Value);
        Same("total_correlation", result.Decomposition.TotalCorrelation.Value);
        Same("dimension_wise_kl", result.Decomposition.DimensionWiseKl!.Value.Value);
        double[] perDimension = [.. told.RootElement.GetProperty("kl_per_dimension").EnumerateArray().Select(kl => kl.GetDouble())];
        Assert.Equal(perDimension.Length, result.KlPerDimension.Count);
        Assert.All(perDimension.Zip(result.KlPerDimension), kl => AssertNear(kl.First, kl.Second, "kl_per_dimension"));
    }

    [Theory]
    [MemberData(nameof(RunsAndVerbs))]
    public void Every_verb_works_with_it(string run, string verb) => Verbs[verb](Copy(run));

    [Fact]
    public void A_prior_that_was_fitted_to_it_is_still_there() => AssertImages(
        4, images => Sample.Run(Of<SampleRequest>(Home("format-1/vamp")) with { Count = 4, Prior = SamplePrior.Fitted }, images, default));

    [Theory]
    [InlineData("format-1/mlp", 1)]
    [InlineData("format-2/mlp", 2)]
    public void A_prior_that_is_fitted_to_it_now_leaves_it_of_its_format(string name, int format)
    {
        string run = Copy(name);
        Verbs["fit-prior"](run);
        CheckpointFile checkpoint = CheckpointFile.Read(RunFolder.Open(run).LastCheckpoint);
        Assert.True(checkpoint.HasFittedPrior);
        Assert.Equal(format, checkpoint.Header.Format);
    }

    [Fact]
    public void Of_one_that_was_trained_in_bfloat16_the_figures_are_those_of_float32()
    {
        string run = Copy("format-1/mlp");
        CheckpointEdit.Apply(RunFolder.Open(run).LastCheckpoint, edit =>
            edit.Metadata["vae.configuration"] =
                edit.Metadata["vae.configuration"].Replace("\"float32\"", "\"bfloat16\"", StringComparison.Ordinal));
        Assert.Equal(Evaluate(Home("format-1/mlp")).Elbo, Evaluate(run).Elbo);
    }

    [Theory]
    [InlineData("format-1/mlp", 1, "0.1.0")]
    [InlineData("format-2/mlp", 2, "0.2.0")]
    public void It_is_not_resumed_and_stays_as_it_is_and_what_to_do_is_told(string name, int format, string version)
    {
        string run = Copy(name);
        (string Name, string Content)[] before = Contents();

        VaeException refused = Assert.Throws<VaeException>(() => TinyRun.Resume(run));

        Assert.Equal(FailureKind.BadData, refused.Kind);
        Assert.Equal(
            $"{run}: this run is of format {format}, and this version goes on with runs of format 3 only; "
            + $"train anew with --config {Path.Combine(run, "config.json")}, or resume it with vae {version}",
            refused.Message);
        // The lock's empty file stays in every run that a process wanted to change.
        Assert.Equal([("mlp/.lock", ""), .. before], Contents());
    }

    [Fact]
    public void One_that_was_killed_before_its_first_checkpoint_begins_anew_in_the_new_format()
    {
        Directory.CreateDirectory(_folder["run"]);
        File.Copy(Path.Combine(Home("format-1/mlp"), "config.json"), _folder["run/config.json"]);
        TinyRun.Resume(_folder["run"], saved => saved with { Train = saved.Train with { Epochs = 1 } });
        Assert.Equal(CheckpointHeader.CurrentFormat, CheckpointFile.Read(RunFolder.Open(_folder["run"]).LastCheckpoint).Header.Format);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Its_configuration_trains_anew(string run)
    {
        string file = Path.Combine(Home(run), "config.json");
        VaeConfiguration configuration = VaeConfiguration.Read(file, ofRun: RunFolder.IsConfigurationOfRun(file));
        Assert.Equal((3000, 2, 5), (configuration.Data.TrainImages, configuration.Vae().Latent, configuration.Train.Epochs));
        Assert.DoesNotContain("cuda_graphs", ConfigurationWriter.Write(configuration), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_file_elsewhere_is_a_configuration_like_any_other()
    {
        File.Copy(Path.Combine(Home("format-1/mlp"), "config.json"), _folder["config.json"]);
        Assert.False(RunFolder.IsConfigurationOfRun(_folder["config.json"]));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Its_metrics_are_read(string run)
    {
        string file = Path.Combine(Home(run), "metrics.jsonl");
        double[] told = [.. File.ReadLines(file)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("validation").GetProperty("elbo").GetDouble())];
        Assert.Equal(5, told.Length);
        Assert.Equal(told, MetricsFile.Read(file).Select(epoch => epoch.Validation!.Elbo));
    }

    private static string Home(string run) => Path.Combine(Repository.Root, "tests", "Vae.Core.Tests", "Runs", run);

    // fit-prior writes into the checkpoint.
    private string Copy(string run)
    {
        string copy = Path.Combine(_folder.Path, Path.GetFileName(run));
        Directory.CreateDirectory(Path.Combine(copy, "checkpoints"));
        foreach (string file in new[] { "config.json", "metrics.jsonl", Path.Combine("checkpoints", "last.safetensors") })
        {
            File.Copy(Path.Combine(Home(run), file), Path.Combine(copy, file));
        }

        return copy;
    }

    private (string Name, string Content)[] Contents() =>
        [.. _folder.FileNames().Select(name => (name.Replace('\\', '/'), Convert.ToHexString(File.ReadAllBytes(_folder[name]))))];

    private static T Of<T>(string run)
        where T : ModelRequest, new() => new T() with { RunFolder = run, Checkpoint = "last", Device = "cpu", Threads = 1 };

    private static EvaluationResult Evaluate(string run) =>
        EvaluateElbo.Run(Of<EvaluateElboRequest>(run) with { ImportanceSamples = 20, Seed = 3 }, null, default);

    private static void AssertNear(double expected, double actual, string key) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * (1 + Math.Abs(expected)), $"{key} is {actual}, was {expected}");

    private static void AssertImages(int count, Action<CollectedRows> write, string array = "images")
    {
        CollectedRows images = new();
        write(images);
        float[] pixels = images[array];
        Assert.Equal(count * 784, pixels.Length);
        Assert.All(pixels, value => Assert.InRange(value, 0, 1));
        Assert.True(pixels.Max() - pixels.Min() > 0.1, "a grey area is no digit");
    }
}
