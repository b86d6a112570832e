namespace Vae.Cli.Tests.Scripts;

/// <summary>The scripts of bash and their twins for PowerShell do the same; most of it is shown on a small checkout.</summary>
[Collection(nameof(Builds))]
public sealed class ScriptTests
{
    [Theory]
    [Bash]
    [PowerShell]
    public void The_program_is_built_on_first_use_and_again_when_a_source_or_the_choice_of_CUDA_has_changed(string shell)
    {
        using SmallCheckout checkout = new(withTests: false);
        Invocation first = Shell.Run(shell, checkout.Root, "vae", ["a", "b c", "1e-3"]);
        Assert.Equal((3, "a|b c|1e-3\n"), (first.Code, first.Out));
        Assert.Contains("building", first.Error, StringComparison.Ordinal);

        Assert.Equal(new Invocation(3, "d\n", ""), Shell.Run(shell, checkout.Root, "vae", ["d"]));

        checkout.SetProgram("return 4;\n");
        Assert.Equal(4, Shell.Run(shell, checkout.Root, "vae", []).Code);
        Assert.Equal(new Invocation(4, "", ""), Shell.Run(shell, checkout.Root, "vae", []));

        Assert.Contains("building", Shell.Run(shell, checkout.Root, "vae", [], cuda: "12.8").Error, StringComparison.Ordinal);
        Assert.Equal(new Invocation(4, "", ""), Shell.Run(shell, checkout.Root, "vae", [], cuda: "12.8"));
    }

    [Theory]
    [Bash]
    [PowerShell]
    public void A_build_that_fails_prints_the_compilers_errors_and_ends_with_70_each_time(string shell)
    {
        using SmallCheckout checkout = new(withTests: false);
        checkout.SetProgram("return missing;\n");
        for (int time = 0; time < 2; time++)
        {
            Invocation run = Shell.Run(shell, checkout.Root, "vae", []);
            Assert.Equal((ExitCode.Defect, ""), (run.Code, run.Out));
            Assert.Single(run.Error.Split('\n'), line => line.Contains("error CS0103", StringComparison.Ordinal));
        }

        checkout.SetProgram("return 4;\n");
        Assert.Equal(4, Shell.Run(shell, checkout.Root, "vae", []).Code);
    }

    [Theory]
    [Bash]
    [PowerShell]
    public void Without_the_SDK_it_ends_with_69_and_says_where_to_get_it(string shell)
    {
        using SmallCheckout checkout = new(withTests: false);
        using TemporaryFolder path = new();
        // A runtime without an SDK, and so without --version. PowerShell is started by it too.
        if (OperatingSystem.IsWindows())
        {
            path.Write("dotnet.cmd", "@exit /b 145\r\n");
        }
        else
        {
            string real = Environment.GetEnvironmentVariable("PATH")!
                .Split(':')
                .Select(folder => Path.Combine(folder, "dotnet"))
                .First(File.Exists);
            string dotnet = path.Write("dotnet", $"#!/bin/sh\n[ \"$1\" != --version ] || exit 145\nexec '{real}' \"$@\"\n");
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Invocation run = Shell.Run(shell, checkout.Root, "vae", [], path.Path);
        Assert.Equal((ExitCode.Unavailable, ""), (run.Code, run.Out));
        Assert.Contains("the .NET SDK 10 is needed: get it at https://dot.net", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [Bash]
    [PowerShell]
    public void The_tests_sum_counts_failures_skips_a_crashed_host_and_a_wrong_format(string shell)
    {
        using SmallCheckout checkout = new(withTests: true);
        checkout.SetProgram("  return 3;\n");
        Assert.Equal((1, "3 passed, 3 failed, 1 skipped"), Sum(shell, checkout));
        Assert.Equal((0, "1 passed, 0 failed, 0 skipped"), Sum(shell, checkout, "--no-format", "--filter", "DisplayName~Passes"));
        checkout.SetProgram("return missing;\n");
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), Sum(shell, checkout, "--no-format"));
    }

    [Theory]
    [PowerShell]
    public void The_twins_start_train_and_test_this_program(string shell)
    {
        using TemporaryFolder folder = new();
        Assert.Equal($"vae {ToolVersion.Current}\n", Shell.Run(shell, Repository.Root, "vae", ["--version"]).Out);
        Assert.Equal(ExitCode.MissingInput, Shell.Run(shell, Repository.Root, "vae", ["train", "--config", "nowhere"]).Code);

        Invocation train = Shell.Run(
            shell,
            Repository.Root,
            "vae",
            ["train", "--config", folder.Write("tiny.json", Configurations.Tiny), "--epochs", "1", "--run", folder.At("run")]);
        Assert.True(train.Code == 0, train.Error);
        Assert.Equal(folder.At("run") + "\n", train.Out);
        Assert.True(File.Exists(folder.At("run", "checkpoints", "last.safetensors")));

        Invocation test = Shell.Run(
            shell, Repository.Root, "test", ["--no-format", "--filter", $"FullyQualifiedName~{nameof(ExitCodeTests)}"]);
        Assert.True(test.Code == 0, test.Out + test.Error);
        Assert.EndsWith(" passed, 0 failed, 0 skipped\n", test.Out, StringComparison.Ordinal);
    }

    [Theory]
    [Bash]
    [PowerShell]
    public void The_table_of_reproduced_figures_has_a_row_for_each_page(string shell)
    {
        string pages = Path.Combine(Repository.Root, "docs", "results");
        string[] names = [.. File.ReadLines(Path.Combine(Repository.Root, "configs", "papers", "expected.csv")).Skip(1)
            .Select(line => line.Split(',')[0]).Where(name => File.Exists(Path.Combine(pages, name + ".md")))];

        string[] rows = Shell.Run(shell, Repository.Root, "reproduce", ["--table"]).Out
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];

        Assert.NotEmpty(names);
        Assert.Equal(names.Select(name => $"| [{name}]({name}.md) "), rows.Select(row => row[..row.IndexOf('|', 1)]));
        Assert.All(rows, row => Assert.Matches(@"\| [0-9.]+ ± [0-9.]+ \| .*\d+ of \d+ \| \d+:\d\d:\d\d \| \d+ \|$", row));
        Assert.Equal(ExitCode.MissingInput, Shell.Run(shell, Repository.Root, "reproduce", ["nosuch"]).Code);
    }

    private static (int Code, string Last) Sum(string shell, SmallCheckout checkout, params string[] options)
    {
        Invocation test = Shell.Run(shell, checkout.Root, "test", options);
        return (test.Code, test.Out.TrimEnd('\n').Split('\n')[^1]);
    }
}
