namespace Vae.Core.Runs;

/// <summary>The paths of one run and the rules by which run folders are made and found.</summary>
public sealed class RunFolder
{
    private const string ConfigurationFile = "config.json";
    private const string CheckpointsFolder = "checkpoints";

    /// <summary>The name of the checkpoint with the best ELBO.</summary>
    public const string Best = "best";

    private const string Last = "last";

    private RunFolder(string path) => Root = path;

    /// <summary>The names that a checkpoint of a run goes by, in the order in which one is taken where none is named.</summary>
    public static IReadOnlyList<string> CheckpointNames { get; } = [Best, Last];

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
    public string LastCheckpoint => FileOf(Last);

    /// <summary>The checkpoint with the best validation ELBO.</summary>
    public string BestCheckpoint => FileOf(Best);

    /// <summary>Whether there is a run in it: a checkpoint, or at least the configuration that is written first.</summary>
    public bool HoldsRun => File.Exists(Configuration) || File.Exists(LastCheckpoint);

    private string Checkpoints => Path.Combine(Root, CheckpointsFolder);

    private string Samples => Path.Combine(Root, "samples");

    /// <summary>The grid of samples of an epoch.</summary>
    public string SampleGrid(int epoch) =>
        Path.Combine(Samples, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D4}.png"));

    /// <summary>Whether a file is the configuration that a run, of an earlier version perhaps, wrote into its folder.</summary>
    public static bool IsConfigurationOfRun(string file) => Path.GetFileName(file) == ConfigurationFile
        && Directory.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, CheckpointsFolder));

    /// <summary>The file of a checkpoint that must be there.</summary>
    /// <param name="name">One of <see cref="CheckpointNames"/>, or null for the first of them that is there.</param>
    /// <exception cref="VaeException">MissingInput when it is not; says what there is.</exception>
    public string Checkpoint(string? name)
    {
        string[] there = [.. CheckpointNames.Where(known => File.Exists(FileOf(known)))];
        return (name ?? there.FirstOrDefault()) is { } wanted && there.Contains(wanted)
            ? FileOf(wanted)
            : throw new VaeException(FailureKind.MissingInput, there.Length == 0
                ? $"{Root}: no checkpoint in this run yet"
                : $"{Root}: no {name} checkpoint in this run; there is {string.Join(" and ", there)}");
    }

    /// <summary>A run's folder that must be there.</summary>
    /// <exception cref="VaeException">MissingInput when it is not.</exception>
    public static RunFolder Open(string path) =>
        Directory.Exists(path)
            ? new RunFolder(path)
            : throw new VaeException(FailureKind.MissingInput, File.Exists(path)
                ? $"{path}: a file, where the folder of a run is wanted"
                : $"{path}: no such run folder");

    /// <summary>The run that a checkpoint belongs to, by its place in the run's folder; null for a file that stands elsewhere.</summary>
    public static RunFolder? Of(string checkpoint)
    {
        string file = AtomicFile.ResolveLink(Path.GetFullPath(checkpoint));
        return Path.GetDirectoryName(Path.GetDirectoryName(file)) is { } root
            && new RunFolder(root) is { HoldsRun: true } folder
            && file == Path.Combine(folder.Checkpoints, Path.GetFileName(file))
                ? folder
                : null;
    }

    /// <summary>The folder of a new run, ready for training: that it can be written to is proven before any work is spent.</summary>
    /// <param name="taken">The right to change it.</param>
    /// <exception cref="VaeException">OutputUnwritable when it already holds a run or cannot be written to.</exception>
    public static RunFolder Create(RunLock taken)
    {
        RunFolder folder = new(taken.Root);
        if (File.Exists(folder.Configuration))
        {
            throw new VaeException(
                FailureKind.OutputUnwritable, $"{folder.Root}: already holds a run; continue it with --resume, or name another folder");
        }

        folder.Prepare();
        return folder;
    }

    /// <summary>
    /// Makes the folder ready for training: its parts are there, each takes files, and no temporary file of a killed process is left. The
    /// process has the run's lock.
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
            throw new VaeException(
                FailureKind.OutputUnwritable, $"{Root}: cannot make the run folder: {AtomicFile.Reason(exception)}", exception);
        }

        foreach (string folder in new[] { Root, Checkpoints, Samples })
        {
            AtomicFile.ProveWritable(folder);
            AtomicFile.RemoveAbandoned(folder);
        }
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
            ?? throw new VaeException(
                FailureKind.MissingInput, $"{runs}: no run with a checkpoint here; train one first, or name its folder with --run");
    }

    private string FileOf(string name) => Path.Combine(Checkpoints, $"{name}.safetensors");

    /// <summary>Writes the resolved configuration.</summary>
    public void WriteConfiguration(string json) => AtomicFile.WriteText(Configuration, json);
}
