namespace Vae.Cli.Tests;

/// <summary>One run that the tests of all verbs share: it is trained once, by whoever needs it first, and nobody changes it.</summary>
public sealed class TrainedRun
{
    private static readonly Lazy<(string Path, Invocation Result)> Shared = new(Train);

    /// <summary>The run's folder.</summary>
    public string Path => Shared.Value.Path;

    internal Invocation Result => Shared.Value.Result;

    internal string Checkpoint(string name) => System.IO.Path.Combine(Path, "checkpoints", $"{name}.safetensors");

    /// <summary>Runs a verb on this run within the test process.</summary>
    internal Invocation Invoke(string verb, params string[] args) => InProcess.Run([verb, "--run", Path, "--device", "cpu", .. args]);

    /// <summary>Runs a verb that must succeed and print nothing but the file it wrote.</summary>
    internal string File(string verb, string file, params string[] args)
    {
        Invocation made = Invoke(verb, ["--out", file, .. args]);
        Assert.True(made.Code == 0, made.Error);
        Assert.Equal($"{file}\n", made.Out);
        return file;
    }

    private static (string Path, Invocation Result) Train()
    {
        TemporaryFolder folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        string configuration = folder.Write("tiny.json", Configurations.Tiny);
        string path = folder.At("run");
        return (path, ChildProcess.Run("train", "--config", configuration, "--run", path, "--device", "cpu", "--threads", "1"));
    }
}
