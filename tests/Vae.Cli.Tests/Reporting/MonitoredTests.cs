namespace Vae.Cli.Tests.Reporting;

public class MonitoredTests
{
    [Fact]
    public void The_folder_is_printed_at_the_end()
    {
        (int code, string output, string error) = Execute(json: false, interrupted: false);
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("runs/a b\n", output);
        Assert.Equal("", error);
    }

    [Fact]
    public void With_json_an_object_is_printed_instead()
    {
        (_, string output, _) = Execute(json: true, interrupted: false);
        Assert.Equal($"{Results.Json(Events.Finished("runs/a b"))}\n", output);
    }

    [Fact]
    public void An_interrupted_run_says_how_to_continue_it()
    {
        (_, string output, string error) = Execute(json: false, interrupted: true);
        Assert.Equal("runs/a b\n", output);
        Assert.Equal("continue with: vae train --resume \"runs/a b\"\n", error);
    }

    [Fact]
    public void A_failure_leaves_standard_output_empty()
    {
        using StringWriter output = new StringWriter();
        Assert.Throws<IOException>(() => Monitored.Train(
            new Terminal(output, TextWriter.Null, false), Verbosity.Normal, json: true, (_, _) => throw new IOException("disk full")));
        Assert.Equal("", output.ToString());
    }

    private static (int Code, string Out, string Error) Execute(bool json, bool interrupted)
    {
        using StringWriter output = new StringWriter { NewLine = "\n" };
        using StringWriter error = new StringWriter { NewLine = "\n" };
        int code = Monitored.Train(
            new Terminal(output, error, Animated: false),
            Verbosity.Normal,
            json,
            (_, _) => Events.Finished("runs/a b", interrupted));
        return (code, output.ToString(), error.ToString());
    }
}
