namespace Vae.Core.Tests.Verbs;

public sealed class FitPriorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_fitted_prior_is_likelier_than_the_model_s_on_codes_held_out_and_is_chosen_by_them()
    {
        TinyRun.Train(_folder["run"]);
        List<PriorCandidate> told = [];

        FitPriorResult report = FitPrior.Run(Request("run") with { Progress = told.Add }, default);

        Assert.Equal(512, report.Codes);
        Assert.Equal([1, 2, 4], report.Candidates.Select(candidate => candidate.Components));
        Assert.Equal(report.Candidates, told);
        Assert.Equal(report.Candidates.Max(candidate => candidate.LogLikelihood), report.Best.LogLikelihood);
        Assert.Equal(report.Best.Components, report.Candidates.MaxBy(candidate => candidate.LogLikelihood)!.Components);
        Assert.True(
            report.Best.LogLikelihood > report.ModelPriorLogLikelihood,
            $"{report.Best.LogLikelihood} against {report.ModelPriorLogLikelihood}");
        Assert.Equal(_folder["run/checkpoints/best.safetensors"], report.Checkpoint);
    }

    [Fact]
    public void It_changes_nothing_else_in_the_checkpoint_and_fitting_again_gives_the_same_file()
    {
        TinyRun.Train(_folder["run"]);
        string path = _folder["run/checkpoints/best.safetensors"];
        string[] before = CheckpointDigest.Of(path);

        FitPrior.Run(Request("run"), default);
        byte[] once = File.ReadAllBytes(path);
        FitPrior.Run(Request("run"), default);

        Assert.Equal(once, File.ReadAllBytes(path));
        Assert.Equal(
            ["fitted_prior.log_variances", "fitted_prior.log_weights", "fitted_prior.means"],
            CheckpointDigest.Of(path).Except(before).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Empty(before.Except(CheckpointDigest.Of(path)));
        Assert.True(CheckpointFile.Read(path).HasFittedPrior);
    }

    [Fact]
    public void Samples_of_the_fitted_prior_are_others_and_all_else_reads_the_checkpoint_as_before()
    {
        TinyRun.Train(_folder["run"]);
        float[] plain = Draw(SamplePrior.Model);
        VaeException missing = Assert.Throws<VaeException>(() => Draw(SamplePrior.Fitted));

        FitPrior.Run(Request("run"), default);
        float[] fitted = Draw(SamplePrior.Fitted);

        Assert.Equal(FailureKind.MissingInput, missing.Kind);
        Assert.Contains("vae fit-prior", missing.Message, StringComparison.Ordinal);
        Assert.Equal(plain, Draw(SamplePrior.Model));
        Assert.Equal(fitted, Draw(SamplePrior.Fitted));
        Assert.NotEqual(plain, fitted);
        Assert.Equal(plain.Length, fitted.Length);
    }

    [Fact]
    public void A_run_resumes_from_a_checkpoint_with_a_fitted_prior_as_from_one_without()
    {
        TinyRun.Train(_folder["run"]);
        TinyRun.Train(_folder["plain"]);
        FitPrior.Run(Request("run") with { Checkpoint = "last" }, default);

        foreach (string run in new[] { "run", "plain" })
        {
            TinyRun.Resume(_folder[run], saved => saved with { Train = saved.Train with { Epochs = 4 } });
        }

        Assert.Equal(
            CheckpointDigest.Of(_folder["plain/checkpoints/last.safetensors"]),
            CheckpointDigest.Of(_folder["run/checkpoints/last.safetensors"]));
    }

    [Fact]
    public void Averages_of_weights_and_the_optimizer_s_state_stay_in_the_checkpoint_and_a_run_resumes_with_them()
    {
        VaeConfiguration averaging = TinyRun.Configuration with { Train = TinyRun.Configuration.Train with { EmaDecay = 0.9 } };
        TinyRun.Train(_folder["run"], averaging);
        TinyRun.Train(_folder["plain"], averaging);
        string path = _folder["run/checkpoints/last.safetensors"];
        string[] before = CheckpointDigest.Of(path);

        FitPrior.Run(Request("run") with { Checkpoint = "last" }, default);

        Assert.Contains(before, line => line.StartsWith("ema.decoder", StringComparison.Ordinal));
        Assert.Contains(before, line => line.StartsWith("optimizer.", StringComparison.Ordinal));
        Assert.Empty(before.Except(CheckpointDigest.Of(path)));
        foreach (string run in new[] { "run", "plain" })
        {
            TinyRun.Resume(_folder[run], saved => saved with { Train = saved.Train with { Epochs = 4 } });
        }

        Assert.Equal(CheckpointDigest.Of(_folder["plain/checkpoints/last.safetensors"]), CheckpointDigest.Of(path));
    }

    [Fact]
    public void A_deterministic_autoencoder_gets_a_prior_over_its_means()
    {
        TinyRun.Train(_folder["run"], TinyRun.Configuration with { Objective = new ElboObjective { Beta = 0 } });

        FitPriorResult report = FitPrior.Run(Request("run"), default);

        Assert.True(report.Best.LogLikelihood > report.ModelPriorLogLikelihood + 0.5);
    }

    [Fact]
    public void More_components_than_codes_are_left_out_and_none_possible_is_a_usage_error()
    {
        TinyRun.Train(_folder["run"]);

        Assert.Single(FitPrior.Run(Request("run") with { Components = [3, 5000] }, default).Candidates);
        VaeException error = Assert.Throws<VaeException>(() => FitPrior.Run(Request("run") with { Components = [5000] }, default));
        Assert.Equal(FailureKind.Usage, error.Kind);
    }

    private FitPriorRequest Request(string run) => new() { RunFolder = _folder[run], Device = "cpu", Threads = 1, Components = [1, 2, 4] };

    private float[] Draw(SamplePrior prior)
    {
        SampleRequest request = new() { RunFolder = _folder["run"], Device = "cpu", Threads = 1, Count = 6, Prior = prior };
        CollectedRows images = new();
        Sample.Run(request, images, default);
        return images.Pixels;
    }
}
