using System.Globalization;
using Vae.Core.Engine;

namespace Vae.Core.Training;

/// <summary>The paths of one run and the rules by which run folders are made and found.</summary>
public sealed class RunFolder
{
    private const string ConfigurationFile = "config.json";
    private const string CheckpointsFolder = "checkpoints";

    private RunFolder(string path) => Root = path;

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>The resolved configuration; running it again repeats the run.</summary>
    public string Configuration => Path.Combine(Root, ConfigurationFile);

    /// <summary>One JSON object an epoch.</summary>
    public string Metrics => Path.Combine(Root, "metrics.jsonl");

    /// <summary>The log.</summary>
    public string Log => Path.Combine(Root, "log.jsonl");

    /// <summary>The plot of the ELBO and its parts.</summary>
    public string LossPlot => Path.Combine(Root, "loss.svg");

    /// <summary>The checkpoint of the newest state.</summary>
    public string LastCheckpoint => Path.Combine(Checkpoints, "last.safetensors");

    /// <summary>The checkpoint with the best validation ELBO.</summary>
    public string BestCheckpoint => Path.Combine(Checkpoints, "best.safetensors");

    private string Checkpoints => Path.Combine(Root, CheckpointsFolder);

    private string Samples => Path.Combine(Root, "samples");

    /// <summary>The grid of samples of an epoch.</summary>
    public string SampleGrid(int epoch) =>
        Path.Combine(Samples, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D4}.png"));

    /// <summary>Whether a file is the configuration that a run, of an earlier version perhaps, wrote into its folder.</summary>
    public static bool IsConfigurationOfRun(string file) =>
        Path.GetFileName(file) == ConfigurationFile && Directory.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, CheckpointsFolder));

    /// <summary>A run's folder that must be there.</summary>
    /// <exception cref="VaeException">MissingInput when it is not.</exception>
    public static RunFolder Open(string path) =>
        Directory.Exists(path)
            ? new RunFolder(path)
            : throw new VaeException(
                FailureKind.MissingInput, File.Exists(path) ? $"{path}: a file, where the folder of a run is wanted" : $"{path}: no such run folder");

    /// <summary>Makes the folder of a new run, and proves that it can be written to before any work is spent.</summary>
    /// <exception cref="VaeException">OutputUnwritable when it cannot be made or already holds a run.</exception>
    public static RunFolder Create(string path)
    {
        if (File.Exists(Path.Combine(path, ConfigurationFile)))
        {
            throw new VaeException(FailureKind.OutputUnwritable, $"{path}: already holds a run; continue it with --resume, or name another folder");
        }

        RunFolder folder = new(path);
        folder.Prepare();
        return folder;
    }

    /// <summary>
    /// Makes the folder ready for training: its parts are there, each takes files, and no temporary file of a killed process is left. One
    /// process at a time may train a run.
    /// </summary>
    /// <exception cref="VaeException">OutputUnwritable when it cannot be made or written to.</exception>
    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(Checkpoints);
            Directory.CreateDirectory(Samples);
            if (Path.GetDirectoryName(Path.GetFullPath(Root)) is { } above)
            {
                AtomicFile.FlushFolder(above); // the files within are flushed as they are written
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VaeException(FailureKind.OutputUnwritable, $"{Root}: cannot make the run folder: {AtomicFile.Reason(exception)}", exception);
        }

        foreach (string folder in new[] { Root, Checkpoints, Samples })
        {
            AtomicFile.ProveWritable(folder);
            AtomicFile.RemoveAbandoned(folder);
        }
    }

    /// <summary>Makes a new folder below <paramref name="runs"/>, named after the configuration and the time.</summary>
    public static RunFolder CreateNew(string runs, string name, DateTime now)
    {
        string stem = string.Create(CultureInfo.InvariantCulture, $"{name}-{now:yyyyMMdd-HHmmss}");
        string path = Path.Combine(runs, stem);
        for (int again = 2; Directory.Exists(path); again++)
        {
            path = Path.Combine(runs, string.Create(CultureInfo.InvariantCulture, $"{stem}-{again}"));
        }

        return Create(path);
    }

    /// <summary>The run below <paramref name="runs"/> that was begun last and has a checkpoint.</summary>
    /// <exception cref="VaeException">MissingInput when there is none.</exception>
    public static RunFolder Newest(string runs)
    {
        IEnumerable<RunFolder> candidates = Directory.Exists(runs)
            ? Directory.EnumerateDirectories(runs).Select(path => new RunFolder(path)).Where(folder => File.Exists(folder.LastCheckpoint))
            : [];
        return candidates
            .OrderByDescending(folder => File.GetLastWriteTimeUtc(folder.Configuration))
            .ThenByDescending(folder => folder.Root, StringComparer.Ordinal)
            .FirstOrDefault()
            ?? throw new VaeException(FailureKind.MissingInput, $"{runs}: no run with a checkpoint here; train one first, or name its folder with --run");
    }

    /// <summary>Writes the resolved configuration.</summary>
    public void WriteConfiguration(string json) => AtomicFile.WriteText(Configuration, json);
}
