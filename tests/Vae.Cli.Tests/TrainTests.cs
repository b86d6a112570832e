using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vae.Cli.Tests;

/// <summary>`vae train`, the whole program, on digits that it draws itself.</summary>
public sealed class TrainTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Standard_output_is_the_runs_folder_and_nothing_else()
    {
        Assert.Equal("", Failures(run.Result));
        Assert.Equal($"{run.Path}\n", run.Result.Out);
    }

    [Fact]
    public void Standard_error_has_a_plain_line_an_epoch()
    {
        Assert.Equal("", Failures(run.Result));
        Assert.DoesNotContain('\e', run.Result.Error);
        Assert.Equal(2, run.Result.ErrorLines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("metrics.jsonl")]
    [InlineData("log.jsonl")]
    [InlineData("loss.svg")]
    [InlineData("samples/epoch-0001.png")]
    [InlineData("samples/epoch-0002.png")]
    [InlineData("checkpoints/last.safetensors")]
    [InlineData("checkpoints/best.safetensors")]
    public void The_folder_has_what_the_help_promises(string name) =>
        Assert.True(new FileInfo(System.IO.Path.Combine(run.Path, name)) is { Exists: true, Length: > 0 }, name);

    [Fact]
    public void The_log_is_one_json_object_a_line_from_start_to_end()
    {
        string[] messages = [.. File.ReadLines(System.IO.Path.Combine(run.Path, "log.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("RenderedMessage").GetString()!)];
        Assert.Contains(messages, message => message.Contains("parameters", StringComparison.Ordinal));
        Assert.Equal(2, messages.Count(message => message.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains(messages, message => message.StartsWith("done: epoch 2 of 2, step 8,", StringComparison.Ordinal));
    }

    [Fact]
    public void The_configuration_in_the_folder_repeats_the_run()
    {
        Invocation again = ChildProcess.Run(
            "train", "--config", System.IO.Path.Combine(run.Path, "config.json"), "--run", _folder.At("again"),
            "--device", "cpu", "--threads", "1");
        Assert.Equal("", Failures(again));
        Assert.Equal(Metrics(run.Path), Metrics(_folder.At("again")));
    }

    [Fact]
    public void With_json_standard_output_is_one_object()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        Invocation trained = ChildProcess.Run("train", "--config", configuration, "--run", _folder.At("run"), "--epochs", "1", "--json");
        Assert.Equal("", Failures(trained));
        JsonElement result = JsonDocument.Parse(trained.Out).RootElement;
        Assert.Equal(_folder.At("run"), result.GetProperty("run").GetString());
        Assert.Equal(1, result.GetProperty("epochs").GetInt32());
        Assert.Equal(4, result.GetProperty("steps").GetInt64());
        Assert.Equal(1, result.GetProperty("best_epoch").GetInt32());
        Assert.InRange(result.GetProperty("best_elbo").GetDouble(), -784 * Math.Log(2) - 50, 0);
        Assert.False(result.GetProperty("interrupted").GetBoolean());
    }

    [Fact]
    public void A_quiet_run_says_nothing_when_all_is_well()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        Invocation trained = ChildProcess.Run(
            "train", "--config", configuration, "--run", _folder.At("run"), "--epochs", "1", "--device", "cpu", "--quiet");
        Assert.Equal(new Invocation(0, $"{_folder.At("run")}\n", ""), trained);
    }

    [Fact]
    public void Drawing_says_nothing_on_standard_error_with_markers_or_without()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        // Markers end after 30 epochs.
        Invocation trained = ChildProcess.Run(
            "train", "--config", configuration, "--run", _folder.At("run"), "--epochs", "32", "--device", "cpu", "--quiet");
        Assert.Equal(new Invocation(0, $"{_folder.At("run")}\n", ""), trained);
    }

    [NoFontsFact]
    public void A_machine_without_fonts_draws_the_same_figure()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        Invocation trained = ChildProcess.Finish(NoFontsFactAttribute.Start(
            ChildProcess.Program, "train", "--config", configuration, "--run", _folder.At("run"), "--device", "cpu", "--threads", "1"));
        Assert.Equal("", Failures(trained));
        string figure = File.ReadAllText(System.IO.Path.Combine(_folder.At("run"), "loss.svg"));
        Assert.Contains("nats per image", figure, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(System.IO.Path.Combine(run.Path, "loss.svg")), figure);
    }

    [Fact]
    public void A_device_that_is_not_there_ends_with_69_before_anything_is_written()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        Invocation failed = ChildProcess.Run("train", "--config", configuration, "--run", _folder.At("run"), "--device", "cuda:99");
        Assert.Equal(69, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains("cuda", Assert.Single(failed.ErrorLines), StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(_folder.At("run")));
    }

    [Fact]
    public void Missing_data_end_with_66_and_say_which_file()
    {
        Invocation failed = ChildProcess.Run(
            "train", "--config", "mnist", "--data", _folder.Path, "--offline", "--run", _folder.At("run"));
        Assert.Equal(66, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains(_folder.Path, Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_does_not_write_over_another_one()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        byte[] before = File.ReadAllBytes(System.IO.Path.Combine(run.Path, "metrics.jsonl"));
        Invocation failed = ChildProcess.Run("train", "--config", configuration, "--run", run.Path);
        Assert.Equal(73, failed.Code);
        Assert.Equal("", failed.Out);
        Assert.Contains(run.Path, Assert.Single(failed.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(System.IO.Path.Combine(run.Path, "metrics.jsonl")));
    }

    private static string Failures(Invocation invocation) => invocation.Code == 0 ? "" : invocation.Error;

    // Times differ from run to run; nothing else may.
    private static string[] Metrics(string run) =>
    [
        .. File.ReadLines(System.IO.Path.Combine(run, "metrics.jsonl")).Select(line =>
        {
            JsonObject metrics = JsonNode.Parse(line)!.AsObject();
            Assert.True(metrics.Remove("seconds"));
            Assert.True(metrics.Remove("images_per_second"));
            return metrics.ToJsonString();
        }),
    ];
}

/// <summary>
/// A test that runs the program where no font is installed: in a view of the file system of its own, whose fonts are hidden.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NoFontsFactAttribute : FactAttribute
{
    private const string Fonts = "/usr/share/fonts";

    public NoFontsFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !IsAllowed())
        {
            Skip = "needs Linux, and leave to mount over the fonts";
        }
    }

    internal static Process Start(params string[] command) =>
        Hidden([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", .. command]);

    private static bool IsAllowed()
    {
        using Process tried = Hidden("true");
        tried.WaitForExit();
        return tried.ExitCode == 0;
    }

    private static Process Hidden(params string[] command)
    {
        // Where there are no fonts, there is nothing to hide.
        string hide = Directory.Exists(Fonts) ? $"mount -t tmpfs none {Fonts} && " : "";
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words = ["-c", $"exec unshare --user --map-root-user --mount sh -c '{hide}exec \"$@\"' sh \"$@\"", "sh", .. command];
        foreach (string word in words)
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }
}
