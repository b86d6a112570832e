using System.Diagnostics;

namespace Vae.Cli.Tests;

/// <summary>What a shell sees of the program: exit codes and streams.</summary>
public sealed class ChildProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_version_comes_with_exit_code_0()
    {
        Invocation version = ChildProcess.Run("--version");
        Assert.Equal(new Invocation(0, $"vae {ToolVersion.Current}\n", ""), version);
    }

    [Fact]
    public void A_wrong_command_line_ends_with_64_and_says_nothing_on_standard_output()
    {
        Invocation refused = ChildProcess.Run("train", "--config", "a", "--seed", "x");
        Assert.Equal(64, refused.Code);
        Assert.Equal("", refused.Out);
        Assert.Single(refused.ErrorLines);
    }

    [Fact]
    public void A_missing_input_ends_with_66_and_says_nothing_on_standard_output()
    {
        Invocation failed = ChildProcess.Run("train", "--config", _folder.At("none.json"));
        Assert.Equal(66, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Single(failed.ErrorLines);
    }

    [Fact]
    public void A_stack_is_shown_only_when_it_is_asked_for()
    {
        string[] args = ["train", "--config", _folder.At("none.json")];
        Assert.DoesNotContain("   at ", ChildProcess.Run(args).Error, StringComparison.Ordinal);
        Invocation debugged = ChildProcess.Run(new Dictionary<string, string?> { ["VAE_DEBUG"] = "1" }, args);
        Assert.Equal(66, debugged.Code);
        Assert.Contains("   at Vae.", debugged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_failure()
    {
        using Process process = ChildProcess.Start(new Dictionary<string, string?>(), "train", "--help");
        process.StandardOutput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal("", process.StandardError.ReadToEnd());
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void A_terminal_that_may_not_be_coloured_gets_no_escape_codes()
    {
        Dictionary<string, string?> environment = new Dictionary<string, string?> { ["NO_COLOR"] = "1", ["TERM"] = "xterm" };
        Invocation help = ChildProcess.Run(environment, "--help");
        Invocation refused = ChildProcess.Run(environment, "paint");
        Assert.DoesNotContain('\e', help.Out + help.Error + refused.Out + refused.Error);
    }
}
