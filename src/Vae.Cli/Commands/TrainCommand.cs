using Vae.Core.Configuration;

namespace Vae.Cli.Commands;

/// <summary>`vae train`: trains a model and prints the folder that holds it.</summary>
internal sealed class TrainCommand : Verb
{
    private readonly Option<string?> _config = NewOption.FilePath(
        "--config", "FILE", "Configuration; looked for as given, then in configs/, with or without .json", "-c");

    private readonly Option<string?> _resume = NewOption.FilePath(
        "--resume", "DIR", "Continue the run in this folder from its last checkpoint, as if it had never stopped", "-r");

    private readonly Option<string[]> _set = new("--set", "-s")
    {
        HelpName = "KEY=VALUE",
        Description = "Change one value of the configuration, model.latent=32 say; may be repeated, for other keys",
    };

    private readonly Option<int?> _epochs = NewOption.OptionalNumber(
        "--epochs", "N", "Passes over the training images, instead of the configuration's train.epochs", 1, 1_000_000, "-e");

    private readonly Option<long?> _seed = NewOption.OptionalNumber(
        "--seed", "N", "Seed of all randomness, instead of the configuration's train.seed", 0, long.MaxValue);

    private readonly Option<string?> _run = NewOption.Run("Folder of the run, made anew; by default a new folder under runs/");
    private readonly Option<string> _device = NewOption.Device();
    private readonly Option<string> _threads = NewOption.Threads("Threads that share a step; auto measures, and takes more where they pay");
    private readonly DataOptions _data = new();
    private readonly Option<bool> _json = NewOption.Json("Print one JSON object about the run instead of its folder");
    private readonly Option<bool> _verbose = NewOption.Flag("--verbose", "Tell of progress within epochs and of checkpoints", "-v");
    private readonly Option<bool> _quiet = NewOption.Flag("--quiet", "Tell of warnings and errors only", "-q");

    public TrainCommand(Terminal terminal)
        : base("train", "Train a model as a configuration says, and print the run's folder.", terminal)
    {
        Take([_config, _resume, _set, _epochs, _seed, _run, _device, _threads, .. _data.All, _json, _verbose, _quiet]);
        _set.Validators.Add(Rules.KeyValues);
    }

    public override string Notes => $"""
        Examples:
          vae train --config digits
          vae train --config mnist --data data/mnist --epochs 20
          vae train --config mnist --set model.latent=2 --set model.encoder.hidden=[512,256] --run runs/two
          vae train --resume runs/two --epochs 40

        The folder gets config.json (train with it again to repeat the run), metrics.jsonl, log.jsonl, loss.svg,
        samples/ and checkpoints/. Ctrl-C saves a checkpoint before leaving; a second Ctrl-C leaves at once.
        One process at a time may train a run or fit its prior; any number may read it.
        When a run is resumed, only these keys may be other than before:
          {string.Join(", ", VaeConfiguration.KeysThatMayChangeOnResume)}
        """;

    protected override string? Problem(ParseResult parsed) =>
        Rules.OneOf(parsed, _config, _resume)
        ?? Rules.NotBoth(parsed, _run, _resume)
        ?? Rules.NotBoth(parsed, _verbose, _quiet)
        ?? Rules.NotSetTwice(parsed, _set, _epochs, "train.epochs")
        ?? Rules.NotSetTwice(parsed, _set, _seed, "train.seed");

    protected override bool NeedsOutput(ParseResult parsed) => parsed.GetValue(_json);

    protected override int Run(ParseResult parsed) =>
        Monitored.Train(Terminal, VerbosityOf(parsed), parsed.GetValue(_json), (report, stop) =>
            parsed.GetValue(_resume) is { } folder
                ? Train.Resume(ResumeRequestOf(parsed, folder, report), report.Observe, stop)
                : Train.Start(RequestOf(parsed, report), report.Observe, stop));

    internal TrainRequest RequestOf(ParseResult parsed, IProgress<DownloadProgress> progress)
    {
        string file = ConfigurationFiles.Find(parsed.GetRequiredValue(_config)!, Directory.GetCurrentDirectory(), AppContext.BaseDirectory);
        return new TrainRequest
        {
            Configuration = VaeConfiguration.Read(file, Overrides(parsed), RunFolder.IsConfigurationOfRun(file)),
            Name = Path.GetFileNameWithoutExtension(file),
            RunFolder = parsed.GetValue(_run),
            Device = parsed.GetRequiredValue(_device),
            Threads = parsed.GetThreads(_threads),
            Data = _data.Request(parsed, progress),
        };
    }

    internal ResumeRequest ResumeRequestOf(ParseResult parsed, string folder, IProgress<DownloadProgress> progress) => new()
    {
        RunFolder = folder,
        Change = Overrides(parsed) is { Length: > 0 } overrides ? saved => saved.With(overrides, folder) : null,
        Device = parsed.GetRequiredValue(_device),
        Threads = parsed.GetThreads(_threads),
        Data = _data.Request(parsed, progress),
    };

    private string[] Overrides(ParseResult parsed) =>
    [
        .. parsed.GetValue(_set) ?? [],
        .. parsed.GetValue(_epochs) is { } epochs ? (string[])[$"train.epochs={epochs}"] : [],
        .. parsed.GetValue(_seed) is { } seed ? (string[])[$"train.seed={seed}"] : [],
    ];

    private Verbosity VerbosityOf(ParseResult parsed) =>
        parsed.GetValue(_quiet) ? Verbosity.Quiet : parsed.GetValue(_verbose) ? Verbosity.Verbose : Verbosity.Normal;
}
