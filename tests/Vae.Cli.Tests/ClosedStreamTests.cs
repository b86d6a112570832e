using System.Text.Json;

namespace Vae.Cli.Tests;

/// <summary>The program with standard streams closed, as cron and daemons start it. Only a shell does that.</summary>
public sealed class ClosedStreamTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ShellFact]
    public void A_run_without_standard_output_tells_its_folder_on_standard_error()
    {
        Invocation trained = Train(">&-");
        Assert.Equal((0, ""), (trained.Code, trained.Out));
        Assert.Equal(_folder.At("run"), trained.ErrorLines[^1]);
        AssertWhole();
    }

    [ShellFact]
    public void What_is_open_for_reading_alone_is_no_standard_output_either()
    {
        Invocation trained = Train("1< /dev/null");
        Assert.Equal((0, _folder.At("run")), (trained.Code, trained.ErrorLines[^1]));
    }

    // Then the runtime's own pipes have the numbers of the streams, and what is written there must not go into them or into a file.
    [ShellTheory]
    [InlineData("2>&-")]
    [InlineData("<&-")]
    [InlineData("<&- >&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void A_run_is_the_same_whichever_streams_are_closed(string closed)
    {
        Invocation trained = Train(closed);
        bool hasOutput = !closed.Contains(" >&-", StringComparison.Ordinal) && !closed.StartsWith('>');
        Assert.Equal((0, hasOutput ? $"{_folder.At("run")}\n" : ""), (trained.Code, trained.Out));
        Assert.Equal(!closed.Contains("2>", StringComparison.Ordinal), trained.Error.Length > 0);
        AssertWhole();
    }

    [ShellTheory]
    [InlineData("eval-elbo", "--importance-samples 2")]
    [InlineData("eval-elbo", "--importance-samples 2 --json")]
    [InlineData("eval-elbo", "--json --per-image scores.csv")]
    public void A_result_that_has_nowhere_to_go_is_73_before_work_begins(string verb, string args) =>
        AssertRefused(verb, VerbProcessTests.Shell($"{Program(verb)} {args} --run {_folder.At("none")} >&-"));

    [ShellFact]
    public void So_is_an_object_about_a_run_which_is_not_begun()
    {
        AssertRefused("train", Train("--json >&-"));
        Assert.False(Directory.Exists(_folder.At("run")));
    }

    [ShellFact]
    public void So_are_version_and_help()
    {
        foreach (string asked in new[] { "--version", "--help" })
        {
            AssertRefused("", VerbProcessTests.Shell($"{Program(asked)} >&-"));
        }
    }

    [ShellFact]
    public void What_is_written_to_a_file_is_written_and_named_on_standard_error()
    {
        string scores = _folder.At("scores.csv");
        string picture = _folder.At("grid.png");
        Invocation evaluated = VerbProcessTests.Shell(
            $"{Program("eval-elbo")} -k 2 --run {run.Path} --device cpu --per-image {scores} >&-");
        Invocation sampled = VerbProcessTests.Shell($"{Program("sample")} -n 2 --run {run.Path} --device cpu --out {picture} >&-");

        Assert.Equal((0, ""), (evaluated.Code, evaluated.Out));
        Assert.Contains("ELBO", evaluated.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(scores));
        Assert.Equal((0, "", $"{picture}\n"), (sampled.Code, sampled.Out, sampled.Error));
        Assert.True(File.Exists(picture));
    }

    private static void AssertRefused(string verb, Invocation refused)
    {
        Assert.Equal((73, ""), (refused.Code, refused.Out));
        Assert.Equal(
            $"{$"vae {verb}".TrimEnd()}: standard output: closed, so that the result cannot be told; send it to a file or a pipe",
            Assert.Single(refused.ErrorLines));
    }

    // The shared run has the same configuration, seed and threads, and its streams were open.
    private void AssertWhole()
    {
        foreach (string name in new[] { "last", "best" })
        {
            Assert.Equal(
                File.ReadAllBytes(run.Checkpoint(name)), File.ReadAllBytes(_folder.At("run", "checkpoints", $"{name}.safetensors")));
        }

        Assert.Equal(2, MetricsFile.Read(_folder.At("run", "metrics.jsonl")).Count);
        string[] log = File.ReadAllLines(_folder.At("run", "log.jsonl"));
        Assert.All(log, line => JsonDocument.Parse(line).Dispose());
        Assert.Contains("best validation elbo", log[^1], StringComparison.Ordinal);
    }

    private Invocation Train(string more)
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        return VerbProcessTests.Shell(
            $"{Program("train")} --config {configuration} --run {_folder.At("run")} --device cpu --threads 1 {more}");
    }

    private static string Program(string verb) => $"{ChildProcess.Host} {ChildProcess.Program} {verb}";
}
