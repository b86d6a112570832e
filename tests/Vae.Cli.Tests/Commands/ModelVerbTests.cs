using System.CommandLine;

namespace Vae.Cli.Tests.Commands;

/// <summary>How options of the verbs that use a model become requests.</summary>
public sealed class ModelVerbTests : IProgress<DownloadProgress>
{
    private static readonly string[] Everything =
    [
        "--run", "runs/two", "--checkpoint", "last", "--device", "cpu", "--threads", "2",
        "--split", "train", "--data", "files", "--offline",
    ];

    void IProgress<DownloadProgress>.Report(DownloadProgress value)
    {
    }

    [Fact]
    public void Without_options_the_requests_are_the_default_ones()
    {
        DataRequest data = new() { Progress = this };
        Assert.Equal(new EncodeRequest { Data = data }, Encode());
        Assert.Equal(new ReconstructRequest { Data = data }, Reconstruct());
        Assert.Equal(new TraverseRequest(), Traverse());
        EvaluateElboRequest evaluate = Evaluate();
        Assert.Equal(
            (100, 1L, Split.Test, (string?)null), (evaluate.ImportanceSamples, evaluate.Seed, evaluate.Split, evaluate.Checkpoint));
        InterpolateRequest interpolate = Interpolate("--prior");
        Assert.Equal(
            (1, 11, InterpolationMode.Linear, 1L), (interpolate.PriorRows, interpolate.Steps, interpolate.Mode, interpolate.Seed));
        Assert.Empty(interpolate.From);
    }

    [Fact]
    public void Options_of_model_and_images_reach_every_request_that_has_them()
    {
        EncodeRequest expected = new()
        {
            RunFolder = "runs/two",
            Checkpoint = "last",
            Device = "cpu",
            Threads = 2,
            Split = Split.Train,
            Data = new DataRequest { Folder = "files", Offline = true, Progress = this },
        };
        Assert.Equal(expected, Encode(Everything));
        foreach (ImagesRequest request in (ImagesRequest[])
            [Reconstruct(Everything), Interpolate([.. Everything, "--from", "1", "--to", "2"])])
        {
            Assert.Equal(expected.Data, request.Data);
            Assert.Equal(
                ("runs/two", "last", "cpu", 2, Split.Train),
                (request.RunFolder, request.Checkpoint, request.Device, request.Threads, request.Split));
        }

        Assert.Equal(Split.Validation, Encode("--split", "validation").Split);
        Assert.Equal("photos/", Encode("--input", "photos/").Input);
    }

    [Fact]
    public void Reconstruct_takes_a_count_and_a_start()
    {
        ReconstructRequest request = Reconstruct("-n", "5", "--start", "100", "--columns", "3");
        Assert.Equal((5, 100), (request.Count, request.Start));
    }

    [Fact]
    public void Interpolate_tells_numbers_from_files()
    {
        InterpolateRequest request = Interpolate(
            "--from", "3", "mine.png", "--to", "./7", "--to", "0", "--steps", "2", "--mode", "slerp");
        Assert.Equal([new IndexedImage(3), new FiledImage("mine.png")], request.From);
        Assert.Equal([new FiledImage("./7"), new IndexedImage(0)], request.To);
        Assert.Equal((0, 2, InterpolationMode.Slerp), (request.PriorRows, request.Steps, request.Mode));
        request = Interpolate("--prior", "5", "--seed", "9");
        Assert.Equal((5, 9L), (request.PriorRows, request.Seed));
    }

    [Fact]
    public void Traverse_takes_dimensions_steps_and_a_range() => Assert.Equal(
        new TraverseRequest { Dimensions = 5, Steps = 2, Range = 0.5, RunFolder = "a" },
        Traverse("-n", "5", "--steps", "2", "--range", "0.5", "--run", "a"));

    [Fact]
    public void Eval_elbo_takes_samples_and_a_seed()
    {
        EvaluateElboRequest request = Evaluate("-k", "5000", "--seed", "7", "--input", "a.npy", "--json");
        Assert.Equal((5000, 7L, "a.npy"), (request.ImportanceSamples, request.Seed, request.Input));
    }

    [Theory]
    [InlineData("encode", "test")]
    [InlineData("interpolate", "linear")]
    public void Help_shows_defaults_as_they_are_typed(string verb, string standard) =>
        Assert.Contains($"[default: {standard}]", InProcess.Run(verb, "--help").Out, StringComparison.Ordinal);

    private EncodeRequest Encode(params string[] args) =>
        Request(new EncodeCommand(InProcess.NoTerminal), args, (verb, parsed) => verb.RequestOf(parsed, this));

    private ReconstructRequest Reconstruct(params string[] args) =>
        Request(new ReconstructCommand(InProcess.NoTerminal), args, (verb, parsed) => verb.RequestOf(parsed, this));

    private InterpolateRequest Interpolate(params string[] args) =>
        Request(new InterpolateCommand(InProcess.NoTerminal), args, (verb, parsed) => verb.RequestOf(parsed, this));

    private static TraverseRequest Traverse(params string[] args) =>
        Request(new TraverseCommand(InProcess.NoTerminal), args, (verb, parsed) => verb.RequestOf(parsed));

    private static EvaluateElboRequest Evaluate(params string[] args) => Request(
        new EvalElboCommand(InProcess.NoTerminal),
        args,
        (verb, parsed) => verb.RequestOf(parsed, new Report(InProcess.NoTerminal, isQuiet: true)));

    private static TRequest Request<TVerb, TRequest>(TVerb verb, string[] args, Func<TVerb, ParseResult, TRequest> requestOf)
        where TVerb : Verb => requestOf(verb, InProcess.Parse(verb, args));
}
