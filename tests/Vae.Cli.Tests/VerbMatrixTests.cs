using System.Text.RegularExpressions;
using TorchSharp;

namespace Vae.Cli.Tests;

/// <summary>
/// Every verb in every situation that has an exit code of its own: the code, standard output empty after a failure, one line on standard
/// error that names the verb, no escape codes and no stack.
/// </summary>
public sealed class VerbMatrixTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private static readonly string[] OfModels = ["sample", "reconstruct", "encode", "interpolate", "traverse", "eval-elbo", "fit-prior"];
    private static readonly string[] OfImages = ["reconstruct", "encode", "interpolate", "eval-elbo"];
    private static readonly string[] OfFiles = ["sample", "reconstruct", "encode", "interpolate", "traverse"];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs { get; } = ["train", .. OfModels];

    public static TheoryData<string> ModelVerbs { get; } = [.. OfModels];

    public static TheoryData<string> ImageVerbs { get; } = [.. OfImages];

    public static TheoryData<string> FileVerbs { get; } = [.. OfFiles];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_verb_is_left_out() =>
        Assert.Equal(
            VaeCommand.Create(InProcess.NoTerminal).Subcommands.Select(verb => verb.Name).Order(),
            OfModels.Append("train").Order());

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Done_is_0_with_the_result_alone_on_standard_output(string verb)
    {
        Invocation done = InProcess.Run(Sound(verb));
        Assert.True(done.Code == 0, done.Error);
        Assert.DoesNotContain('\e', done.Out + done.Error);
        if (verb == "eval-elbo")
        {
            Assert.Contains("ELBO", done.Out, StringComparison.Ordinal);
        }
        else
        {
            string result = verb switch
            {
                "train" => _folder.At("run"),
                "fit-prior" => _folder.At("copy.safetensors"),
                _ => Output(verb),
            };
            Assert.Equal($"{result}\n", done.Out);
        }

        // What is told on the way goes to standard error: epochs, rows of a traversal, mixtures; the others have nothing to tell.
        Assert.Equal(verb is "train" or "traverse" or "fit-prior", done.Error.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_verb_leaves_no_tensor_behind(string verb)
    {
        string[] words = Sound(verb);
        long before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Invocation done = InProcess.Run(words);
        Assert.True(done.Code == 0, done.Error);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_wrong_command_line_is_64(string verb) => AssertFails(64, verb, [.. Sound(verb), "--nonsense"]);

    [Theory]
    [MemberData(nameof(ModelVerbs))]
    public void A_broken_checkpoint_is_65(string verb) =>
        AssertFails(65, verb, Sound(verb, checkpoint: _folder.Write("broken.safetensors", "no checkpoint")));

    [Fact]
    public void A_broken_configuration_is_65() =>
        AssertFails(65, "train", "train", "--config", _folder.Write("broken.json", "{"), "--run", _folder.At("run"));

    [Theory]
    [MemberData(nameof(ImageVerbs))]
    public void Broken_images_are_65(string verb) =>
        AssertFails(65, verb, [.. Sound(verb), "--input", _folder.Write("broken.png", "no picture")]);

    [Theory]
    [MemberData(nameof(ModelVerbs))]
    public void A_missing_checkpoint_is_66(string verb) => AssertFails(66, verb, Sound(verb, checkpoint: _folder.At("none.safetensors")));

    [Theory]
    [MemberData(nameof(ModelVerbs))]
    public void A_missing_run_is_66(string verb) =>
        AssertFails(66, verb, [.. Sound(verb).SkipLast(2), "--run", _folder.At("no run")]);

    [Theory]
    [MemberData(nameof(ModelVerbs))]
    public void A_best_checkpoint_that_is_asked_for_and_not_there_is_66(string verb)
    {
        string copy = RunWithoutBest();
        AssertFails(66, verb, [.. Sound(verb).SkipLast(2), "--run", copy, "--checkpoint", "best"]);
    }

    [Theory]
    [MemberData(nameof(ModelVerbs))]
    public void Where_no_checkpoint_is_asked_for_the_last_may_stand_in_for_the_best_and_is_named(string verb)
    {
        string copy = RunWithoutBest();
        Invocation done = InProcess.Run([.. Sound(verb).SkipLast(2), "--run", copy, "--device", "cpu"]);
        Assert.True(done.Code == 0, done.Error);
        string last = Path.Combine(copy, "checkpoints", "last.safetensors");
        Assert.Equal($"{last} is taken: this run has no best checkpoint yet", done.ErrorLines[0]);
    }

    [Theory]
    [MemberData(nameof(ImageVerbs))]
    public void Missing_images_are_66(string verb) => AssertFails(66, verb, [.. Sound(verb), "--input", _folder.At("none.png")]);

    [Fact]
    public void A_missing_configuration_is_66() => AssertFails(66, "train", "train", "--config", _folder.At("none.json"));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_device_that_is_not_there_is_69(string verb) => AssertFails(69, verb, [.. Sound(verb), "--device", "cuda:99"]);

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_defect_of_ours_is_70_and_says_where_its_stack_is(string verb)
    {
        using BrokenWriter broken = new BrokenWriter(new InvalidOperationException("first\n   at second"));
        using StringWriter error = new StringWriter { NewLine = "\n" };
        int code = Program.Run(Sound(verb), new Terminal(broken, error, Animated: false));
        string line = Assert.Single(Failures(error.ToString()));
        Match match = Regex.Match(
            line, $@"^vae {verb}: internal error: InvalidOperationException: first at second \(please report; details in (.+)\)$");
        Assert.True(match.Success, line);
        File.Delete(match.Groups[1].Value);
        Assert.Equal(70, code);
    }

    [Theory]
    [MemberData(nameof(FileVerbs))]
    public void A_folder_that_is_not_there_is_73(string verb) =>
        AssertFails(73, verb, [.. Sound(verb), "--out", _folder.At("none", Path.GetFileName(Output(verb)))]);

    [Theory]
    [MemberData(nameof(FileVerbs))]
    public void An_output_that_is_a_folder_is_73(string verb)
    {
        Directory.CreateDirectory(Output(verb));
        AssertFails(73, verb, Sound(verb));
        Directory.Delete(Output(verb));
    }

    [Fact]
    public void A_run_folder_that_cannot_be_made_is_73() =>
        AssertFails(73, "train", [.. Sound("train").SkipLast(2), "--run", Path.Combine(_folder.Write("file", ""), "run")]);

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Standard_output_on_a_full_disk_is_74(string verb)
    {
        using BrokenWriter full = new BrokenWriter(new IOException("No space left on device"));
        using StringWriter error = new StringWriter { NewLine = "\n" };
        int code = Program.Run(Sound(verb), new Terminal(full, error, Animated: false));
        Assert.Equal($"vae {verb}: standard output: No space left on device", Assert.Single(Failures(error.ToString())));
        Assert.Equal(74, code);
    }

    [Fact]
    public void Training_that_diverges_is_3_and_keeps_the_run()
    {
        Invocation failed = InProcess.Run([.. Sound("train"), "--set", "train.learning_rate=1e20"]);
        Assert.Equal((3, ""), (failed.Code, failed.Out));
        Assert.StartsWith("vae train: ", Assert.Single(Failures(failed.Error)), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.At("run", "checkpoints", "last.safetensors")));
    }

    [Fact]
    public void A_split_without_images_is_64_and_says_which_to_choose()
    {
        Invocation trained = InProcess.Run([.. Sound("train"), "--set", "data.validation=0"]);
        Assert.True(trained.Code == 0, trained.Error);
        AssertFails(
            64, "encode",
            "encode", "--run", _folder.At("run"), "--device", "cpu", "--split", "validation", "--out", Output("encode"));
    }

    // A small piece of work that succeeds. The last two words name the run or the checkpoint.
    private string[] Sound(string verb, string? checkpoint = null)
    {
        string[] model = checkpoint is null ? ["--run", run.Path] : ["--checkpoint", checkpoint];
        string[] file = ["--out", Output(verb)];
        return verb switch
        {
            "train" => ["train", "--config", _folder.Write("tiny.json", Configurations.Tiny), "--epochs", "1", "--run", _folder.At("run")],
            "sample" => ["sample", "-n", "3", .. file, .. model],
            "reconstruct" => ["reconstruct", "-n", "1", .. file, .. model],
            "encode" => ["encode", .. file, .. model],
            "interpolate" => ["interpolate", "--from", "0", "--to", "0", .. file, .. model],
            "traverse" => ["traverse", "--steps", "2", .. file, .. model],
            "eval-elbo" => ["eval-elbo", "--importance-samples", "2", .. model],
            "fit-prior" => ["fit-prior", "--components", "1", "--checkpoint", checkpoint ?? Copy()],
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
        };
    }

    // This verb adds to the checkpoint, and the run is everybody's.
    private string Copy()
    {
        File.Copy(run.Checkpoint("last"), _folder.At("copy.safetensors"), overwrite: true);
        return _folder.At("copy.safetensors");
    }

    private string RunWithoutBest()
    {
        string copy = _folder.At("young");
        Directory.CreateDirectory(Path.Combine(copy, "checkpoints"));
        File.Copy(run.Checkpoint("last"), Path.Combine(copy, "checkpoints", "last.safetensors"));
        return copy;
    }

    private string Output(string verb) => _folder.At(verb == "encode" ? "latents.npz" : "images.png");

    private void AssertFails(int code, string verb, params string[] args)
    {
        Invocation failed = InProcess.Run(WithoutRepeats(args));
        Assert.Equal((code, ""), (failed.Code, failed.Out));
        Assert.StartsWith($"vae {verb}: ", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', failed.Error);
        Assert.DoesNotContain("   at ", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".cs:", failed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Output(verb)));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    // An option is given once; the later one counts here.
    private static string[] WithoutRepeats(string[] args)
    {
        int repeated = Array.IndexOf(args, "--out");
        return repeated >= 0 && Array.LastIndexOf(args, "--out") != repeated ? [.. args[..repeated], .. args[(repeated + 2)..]] : args;
    }

    // Lines of failures, without those that tell of training or of rows.
    private static IEnumerable<string> Failures(string error) =>
        error.Split('\n').Where(line => line.StartsWith("vae ", StringComparison.Ordinal));

    private sealed class BrokenWriter(Exception failure) : StringWriter
    {
        public override void WriteLine(string? value) => throw failure;
    }
}
