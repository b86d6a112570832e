namespace Vae.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable, IProgress<DownloadProgress>
{
    private readonly TemporaryFolder _folder = new();

    void IProgress<DownloadProgress>.Report(DownloadProgress value)
    {
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_options_the_request_is_the_configuration_and_the_defaults()
    {
        string file = _folder.Write("tiny.json", Configurations.Tiny);
        TrainRequest request = Request("--config", file);
        Assert.Equal(VaeConfiguration.Read(file), request.Configuration);
        Assert.Equal("tiny", request.Name);
        Assert.Null(request.RunFolder);
        Assert.Equal("auto", request.Device);
        Assert.Null(request.Threads);
        Assert.Null(request.Data.Folder);
        Assert.False(request.Data.Offline);
        Assert.Same(this, request.Data.Progress);
    }

    [Fact]
    public void Each_option_reaches_the_request()
    {
        string file = _folder.Write("tiny.json", Configurations.Tiny);
        TrainRequest request = Request(
            "-c", file, "--run", "here", "--device", "cuda:1", "--threads", "3",
            "--seed", "0", "--epochs", "7", "--data", "files", "--offline");
        Assert.Equal("here", request.RunFolder);
        Assert.Equal("cuda:1", request.Device);
        Assert.Equal(3, request.Threads);
        Assert.Equal(0, request.Configuration.Train.Seed);
        Assert.Equal(7, request.Configuration.Train.Epochs);
        Assert.Equal("files", request.Data.Folder);
        Assert.True(request.Data.Offline);
    }

    [Fact]
    public void The_greatest_seed_is_taken_to_the_last_digit()
    {
        string file = _folder.Write("tiny.json", Configurations.Tiny);
        Assert.Equal(long.MaxValue, Request("-c", file, "--seed", "9223372036854775807").Configuration.Train.Seed);
    }

    [Fact]
    public void Threads_may_be_left_to_the_program_by_name()
    {
        string file = _folder.Write("tiny.json", Configurations.Tiny);
        Assert.Null(Request("-c", file, "--threads", "auto").Threads);
    }

    [Fact]
    public void Values_of_the_configuration_are_set_one_by_one()
    {
        string file = _folder.Write("tiny.json", Configurations.Tiny);
        VaeConfiguration configuration =
            Request("-c", file, "--set", "model.latent=3", "-s", "train.batch_size=64", "--set=data.validation=64").Configuration;
        Assert.Equal(3, ((GaussianVaeConfiguration)configuration.Model).Latent);
        Assert.Equal(64, configuration.Train.BatchSize);
        Assert.Equal(64, configuration.Data.Validation);
    }

    [Fact]
    public void A_key_that_is_gone_is_refused_in_a_file_and_passed_over_in_the_configuration_of_an_older_run()
    {
        string old = Configurations.Tiny.Replace("\"epochs\": 2,", "\"epochs\": 2, \"cuda_graphs\": false,", StringComparison.Ordinal);
        Invocation refused = InProcess.Run("train", "--config", _folder.Write("old.json", old));
        Assert.Equal(ExitCode.BadData, refused.Code);
        Assert.Contains("$.train.cuda_graphs: is gone since version 0.2.0", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);

        Directory.CreateDirectory(_folder.At("run", "checkpoints"));
        string ofRun = _folder.Write(Path.Combine("run", "config.json"), old);
        Assert.Equal(VaeConfiguration.Parse(Configurations.Tiny, "tiny"), Request("--config", ofRun).Configuration);
    }

    [Fact]
    public void A_run_is_resumed_as_it_is_unless_something_is_changed()
    {
        ResumeRequest request = Resume("runs/one");
        Assert.Equal("runs/one", request.RunFolder);
        Assert.Null(request.Change);
        Assert.Equal("auto", request.Device);
        Assert.Null(request.Threads);
        Assert.Same(this, request.Data.Progress);
    }

    [Fact]
    public void A_resumed_run_may_be_given_more_epochs()
    {
        VaeConfiguration saved = VaeConfiguration.Parse(Configurations.Tiny, "tiny");
        ResumeRequest request = Resume("runs/one", "--epochs", "9", "--set", "output.samples=16", "--threads", "2", "--offline");
        Assert.Equal(
            saved with { Train = saved.Train with { Epochs = 9 }, Output = saved.Output with { Samples = 16 } }, request.Change!(saved));
        Assert.Equal(2, request.Threads);
        Assert.True(request.Data.Offline);
    }

    [Fact]
    public void A_missing_configuration_ends_with_its_exit_code()
    {
        Invocation failed = InProcess.Run("train", "--config", _folder.At("none.json"));
        Assert.Equal(ExitCode.MissingInput, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains("none.json", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_configuration_ends_with_its_exit_code_and_leaves_nothing_behind()
    {
        string file = _folder.Write("broken.json", "{");
        Invocation failed = InProcess.Run("train", "--config", file, "--run", _folder.At("run"));
        Assert.Equal(ExitCode.BadData, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains("broken.json", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("run")));
    }

    [Fact]
    public void All_errors_of_a_configuration_are_told_each_on_its_line()
    {
        string file = _folder.Write(
            "wrong.json", """{ "data": { "source": "digits" }, "model": { "latent": "two" }, "train": { "epoch": 3 } }""");
        Invocation failed = InProcess.Run("train", "--config", file);
        Assert.Equal(ExitCode.BadData, failed.Code);
        Assert.Equal(2, failed.ErrorLines.Length);
        Assert.All(failed.ErrorLines, line => Assert.StartsWith($"vae train: {file}: $.", line, StringComparison.Ordinal));
    }

    [Fact]
    public void An_override_of_an_unknown_key_is_a_usage_error_that_names_it()
    {
        string file = _folder.Write("tiny.json", Configurations.Tiny);
        Invocation failed = InProcess.Run("train", "--config", file, "--set", "model.latnet=3");
        Assert.Equal(ExitCode.Usage, failed.Code);
        Assert.Contains("model.latnet", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    private TrainRequest Request(params string[] args)
    {
        TrainCommand command = new TrainCommand(InProcess.NoTerminal);
        return command.RequestOf(InProcess.Parse(command, args), this);
    }

    private ResumeRequest Resume(string folder, params string[] args)
    {
        TrainCommand command = new TrainCommand(InProcess.NoTerminal);
        return command.ResumeRequestOf(InProcess.Parse(command, ["--resume", folder, .. args]), folder, this);
    }
}
