using System.Runtime.InteropServices;

namespace Vae.Cli.Tests;

/// <summary>
/// What the loader is asked for: the tensor library is some hundred megabytes that help and version can do without, as they can Skia.
/// </summary>
public sealed class LoadedLibraryTests(TrainedRun run) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("train", "--config")]
    public void Help_version_and_refusals_load_no_native_library(params string[] args)
    {
        string loaded = Loaded(args);
        Assert.DoesNotContain("torch", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("Skia", loaded, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("cuda:99")]
    public void A_training_loads_the_tensor_library_that_lies_beside_it_and_none_of_the_system(string device)
    {
        string config = _folder.Write("tiny.json", Configurations.Tiny);
        string[] loaded = [.. Loaded("train", "--config", config, "--device", device).Split('\n')
            .Where(line => line.Contains("calling init:", StringComparison.Ordinal))
            .Where(line => line.Contains("torch", StringComparison.OrdinalIgnoreCase))];

        Assert.Contains(loaded, line => line.EndsWith("/libtorch_cpu.so", StringComparison.Ordinal));
        Assert.All(loaded, line => Assert.Contains($"calling init: {AppContext.BaseDirectory}", line, StringComparison.Ordinal));
    }

    [LinuxTheory]
    [InlineData("eval-elbo", "--importance-samples", "2")]
    [InlineData("sample", "-n", "2", "--out", "images.npz")]
    public void A_verb_that_makes_no_picture_loads_no_skia(params string[] args)
    {
        args = [.. args.Select(arg => arg == "images.npz" ? _folder.At(arg) : arg), "--run", run.Path, "--device", "cpu"];
        Assert.DoesNotContain("Skia", Loaded(args), StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("libc10.so")]
    [InlineData("libtorch.so")]
    public void A_tensor_library_that_does_not_load_is_69_with_the_loaders_reason(string broken)
    {
        _folder.Write(broken, "no library");
        Invocation failed = ChildProcess.Run(
            new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = _folder.Path },
            "train", "--config", "digits", "--run", _folder.At("run"));
        Assert.Equal((69, ""), (failed.Code, failed.Out));
        string line = Assert.Single(failed.ErrorLines);
        Assert.StartsWith("vae train: the tensor library cannot be loaded: ", line, StringComparison.Ordinal);
        Assert.Contains($"{_folder.At(broken)}: file too short", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu"))); // where TorchSharp copies packages to
    }

    // What glibc's loader tells of the files that it opens (ld.so(8), LD_DEBUG).
    private string Loaded(params string[] args)
    {
        string log = _folder.At("loader");
        ChildProcess.Run(new Dictionary<string, string?> { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = log }, args);
        string told = string.Concat(Directory.GetFiles(Path.GetDirectoryName(log)!, "loader.*").Select(File.ReadAllText));
        Assert.Contains("libcoreclr.so", told, StringComparison.Ordinal);
        return told;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class LinuxTheoryAttribute : TheoryAttribute
    {
        public LinuxTheoryAttribute()
        {
            if (!OperatingSystem.IsLinux() || RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            {
                Skip = "asks the loader of glibc";
            }
        }
    }
}
