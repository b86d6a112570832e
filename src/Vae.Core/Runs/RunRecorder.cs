namespace Vae.Core.Runs;

/// <summary>Keeps what a person looks at while a run goes on: metrics.jsonl, loss.svg, TensorBoard's event file and samples.</summary>
internal sealed class RunRecorder : IDisposable
{
    private readonly RunFolder _folder;
    private readonly List<EpochMetrics> _epochs;
    private readonly TensorBoardWriter _tensorBoard;
    private readonly Func<int, byte[]?> _sampleGrid;

    /// <summary>Opens the records of a run at the end of the given epoch; later lines, left by a crash, are cut off.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="lastEpoch">Epochs the checkpoint holds, 0 for a new run.</param>
    /// <param name="sampleGrid">The PNG of samples for an epoch, or null when this epoch wants none.</param>
    public RunRecorder(RunFolder folder, int lastEpoch, Func<int, byte[]?> sampleGrid)
    {
        _folder = folder;
        _sampleGrid = sampleGrid;
        _epochs = [.. MetricsFile.Read(folder.Metrics, lastEpoch)];
        MetricsFile.Write(folder.Metrics, _epochs);
        _tensorBoard = TensorBoardWriter.Create(folder.Root);
    }

    /// <summary>Records one epoch.</summary>
    /// <exception cref="VaeException">InputOutput or OutputUnwritable when a file cannot be written.</exception>
    public void Record(EpochMetrics metrics)
    {
        // A divergence may have taken the run back; what it then does again replaces what it did.
        if (_epochs.RemoveAll(epoch => epoch.Epoch >= metrics.Epoch) > 0)
        {
            MetricsFile.Write(_folder.Metrics, _epochs);
        }

        _epochs.Add(metrics);
        MetricsFile.Append(_folder.Metrics, metrics);
        string name = Path.GetFileName(Path.GetFullPath(_folder.Root));
        AtomicFile.WriteText(_folder.LossPlot, LossPlot.Render([.. _epochs.Select(ToPoint)], name));
        WriteEvents(metrics);
        if (_sampleGrid(metrics.Epoch) is { } png)
        {
            AtomicFile.Write(_folder.SampleGrid(metrics.Epoch), stream => stream.Write(png));
        }
    }

    public void Dispose() => _tensorBoard.Dispose();

    private static LossPoint ToPoint(EpochMetrics metrics) => new(
        metrics.Epoch,
        metrics.Train.Elbo, metrics.Train.Reconstruction, metrics.Train.Kl,
        metrics.Validation?.Elbo, metrics.Validation?.Reconstruction, metrics.Validation?.Kl);

    private void WriteEvents(EpochMetrics metrics)
    {
        List<KeyValuePair<string, double>> scalars = [];
        foreach ((string split, EpochFigures? figures) in new[] { ("train", metrics.Train), ("validation", metrics.Validation) })
        {
            scalars.AddRange((figures?.All ?? []).Select(figure => KeyValuePair.Create($"{split}/{figure.Key}", figure.Value)));
        }

        scalars.Add(new("beta", metrics.Beta));
        if (metrics.ActiveUnits is { } activeUnits)
        {
            scalars.Add(new("active_units", activeUnits));
        }

        scalars.Add(new("images_per_second", metrics.ImagesPerSecond));
        _tensorBoard.WriteScalars(metrics.Step, scalars);
    }
}
