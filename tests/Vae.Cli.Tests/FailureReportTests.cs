using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

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
        Assert.Contains(
            "libtorch.so: cannot open (docs/platforms.md says",
            Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "/a/libx.so: cannot open shared object file: No such file or directory\n/b/libx.so: libc10.so: wrong ELF class",
        "/b/libx.so: libc10.so: wrong ELF class")]
    [InlineData(
        "libgomp.so.1: cannot open shared object file: No such file or directory\n"
        + "/b/x: cannot open shared object file: No such file or directory",
        "libgomp.so.1: cannot open shared object file: No such file or directory")]
    [InlineData(
        "/a/libx.so: cannot open shared object file: No such file or directory",
        "Unable to load shared library 'x' or one of its dependencies")]
    public void Of_all_places_where_a_library_was_looked_for_those_are_told_that_had_one(string places, string told)
    {
        (_, string text) = Report(new DllNotFoundException(
            "Unable to load shared library 'x' or one of its dependencies. In order to help diagnose loading problems, "
            + $"consider using a tool like strace:\n{places}\n"));
        Assert.StartsWith($"vae train: the tensor library cannot be loaded: {told} (docs/", text, StringComparison.Ordinal);
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
        Match match = Regex.Match(
            text, @"^vae train: internal error: InvalidOperationException: first second \(please report; details in (.+)\)\n$");
        Assert.True(match.Success, text);
        string file = match.Groups[1].Value;
        string details = File.ReadAllText(file);
        File.Delete(file);
        Assert.Contains(nameof(Thrown), details, StringComparison.Ordinal);
        Assert.Contains($"vae {ToolVersion.Current}", details, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_ran_out_in_the_tensor_library_is_one_line_with_what_to_do()
    {
        (int code, string text) = Report(new NativeException(
            "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
            + "you tried to allocate 1073741824 bytes. Error code 12 (Cannot allocate memory)\n"));
        Assert.Equal(ExitCode.InputOutput, code);
        Assert.Equal(
            "vae train: out of memory: 1.00 GiB more were wanted (try a smaller train.batch_size, fewer images or a smaller model)\n",
            text);
    }

    [Fact]
    public void The_native_stack_of_the_tensor_library_stands_in_the_file_alone()
    {
        (int code, string text) = Report(
            new NativeException("sizes differ\nException raised from infer at Infer.h:99 (most recent call first):\nframe #0: c10"));
        Assert.Equal(ExitCode.Defect, code);
        Match match = Regex.Match(text, @"^vae train: internal error: NativeException: sizes differ \(please report; details in (.+)\)\n$");
        Assert.True(match.Success, text);
        string file = match.Groups[1].Value;
        string details = File.ReadAllText(file);
        File.Delete(file);
        Assert.Contains("Infer.h:99", details, StringComparison.Ordinal);
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
        using StringWriter error = new StringWriter { NewLine = "\n" };
        int code = FailureReport.Write(exception, "vae train", error);
        return (code, error.ToString());
    }

    private sealed class NativeException(string message) : ExternalException(message);
}
