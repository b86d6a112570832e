namespace Vae.Cli.Tests;

/// <summary>One run that the tests of all verbs share: it is trained once.</summary>
public sealed class TrainedRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedRun()
    {
        string configuration = _folder.Write("tiny.json", Configurations.Tiny);
        Result = ChildProcess.Run("train", "--config", configuration, "--run", Path, "--device", "cpu", "--threads", "1");
    }

    /// <summary>The run's folder.</summary>
    public string Path => _folder.At("run");

    internal Invocation Result { get; }

    public void Dispose() => _folder.Dispose();
}
