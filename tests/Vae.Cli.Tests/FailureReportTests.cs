using System.Text.RegularExpressions;
using Vae.Core;

namespace Vae.Cli.Tests;

public class FailureReportTests
{
    [Fact]
    public void An_expected_failure_is_one_line_with_the_verb_before_it()
    {
        (int code, string text) = Report(new VaeException(FailureKind.MissingInput, "here/t10k: no such file"));
        Assert.Equal(ExitCode.MissingInput, code);
        Assert.Equal("vae train: here/t10k: no such file\n", text);
    }

    [Fact]
    public void A_wrapped_failure_speaks_for_itself()
    {
        (int code, string text) = Report(new AggregateException(new VaeException(FailureKind.BadData, "x.json: wrong")));
        Assert.Equal(ExitCode.BadData, code);
        Assert.Equal("vae train: x.json: wrong\n", text);
    }

    [Fact]
    public void A_missing_library_is_told_with_what_to_do()
    {
        (int code, string text) = Report(new TypeInitializationException("Torch", new DllNotFoundException("libtorch.so:\n  cannot open")));
        Assert.Equal(ExitCode.Unavailable, code);
        Assert.Contains("libtorch.so: cannot open (docs/platforms.md says", Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_name_cannot_steer_the_terminal()
    {
        (_, string text) = Report(new VaeException(FailureKind.MissingInput, "\e[2Jfile: no such file"));
        Assert.Equal("vae train: ?[2Jfile: no such file\n", text);
    }

    [Fact]
    public void A_defect_is_one_line_and_its_stack_goes_to_a_file()
    {
        (int code, string text) = Report(Thrown());
        Assert.Equal(ExitCode.Defect, code);
        Match match = Regex.Match(text, @"^vae train: internal error: InvalidOperationException: first second \(please report; details in (.+)\)\n$");
        Assert.True(match.Success, text);
        string file = match.Groups[1].Value;
        string details = File.ReadAllText(file);
        File.Delete(file);
        Assert.Contains(nameof(Thrown), details, StringComparison.Ordinal);
        Assert.Contains($"vae {ToolVersion.Text}", details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_of_a_defect_is_cut_on_the_line_and_whole_in_the_file()
    {
        (_, string text) = Report(new InvalidOperationException(new string('x', 5_000)));
        string file = Regex.Match(text, @"details in (.+)\)\n$").Groups[1].Value;
        string details = File.ReadAllText(file);
        File.Delete(file);
        Assert.True(text.Length < 500, text);
        Assert.Contains(new string('x', 5_000), details, StringComparison.Ordinal);
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("first\nsecond");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private static (int Code, string Text) Report(Exception exception)
    {
        using var error = new StringWriter { NewLine = "\n" };
        int code = FailureReport.Write(exception, "vae train", error);
        return (code, error.ToString());
    }
}
