namespace Vae.Cli.Tests.Commands;

public class EvalElboCommandTests
{
    [Fact]
    public void Without_options_all_test_images_are_evaluated_with_100_samples()
    {
        EvaluateElboRequest request = Request();

        Assert.Equal((Split.Test, 100, 1L), (request.Split, request.ImportanceSamples, request.Seed));
        Assert.Null(request.Count);
        Assert.Null(request.RunFolder);
    }

    [Fact]
    public void Each_option_reaches_the_request()
    {
        EvaluateElboRequest request = Request(
            "--split", "validation", "--importance-samples", "5000", "--images", "300", "--seed", "7",
            "--run", "runs/two", "--threads", "2");

        Assert.Equal((Split.Validation, 5000, 300, 7L), (request.Split, request.ImportanceSamples, request.Count, request.Seed));
        Assert.Equal(("runs/two", 2), (request.RunFolder, request.Threads));
    }

    [Theory]
    [InlineData("--importance-samples", "0")]
    [InlineData("--importance-samples", "1000001")]
    [InlineData("--importance-samples", "2.5")]
    [InlineData("--images", "0")]
    [InlineData("--images", "all")]
    [InlineData("--per-image", "scores.json")]
    [InlineData("--per-image", ".csv")]
    public void Values_out_of_range_are_refused_by_the_option_s_name(string option, string value)
    {
        Invocation failed = InProcess.Run("eval-elbo", option, value);

        Assert.Equal((ExitCode.Usage, ""), (failed.Code, failed.Out));
        Assert.Contains($"option '{option}'", Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    private static EvaluateElboRequest Request(params string[] args)
    {
        EvalElboCommand command = new EvalElboCommand(InProcess.NoTerminal);
        return command.RequestOf(InProcess.Parse(command, args), new Report(InProcess.NoTerminal, isQuiet: true));
    }
}
