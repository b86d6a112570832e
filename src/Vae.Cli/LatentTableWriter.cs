using System.Globalization;
using System.Text;
using Vae.Core.Composition;

namespace Vae.Cli;

/// <summary>
/// Latents as comma-separated values, a row an image: the label where there are labels, mean_0 …, log_variance_0 …. Numbers have the fewest
/// digits that give the same float32 back.
/// </summary>
internal sealed class LatentTableWriter(Stream file) : ILatentWriter, IDisposable
{
    private readonly StreamWriter _table = new(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
    private int _latent;

    public void Begin(int latent, bool hasLabels)
    {
        _latent = latent;
        IEnumerable<string> names = [.. hasLabels ? (string[])["label"] : [], .. Numbered("mean"), .. Numbered("log_variance")];
        _table.WriteLine(string.Join(',', names));
    }

    public void Write(EncodedBatch batch)
    {
        for (int row = 0; row * _latent < batch.Mean.Length; row++)
        {
            Range place = (row * _latent)..((row + 1) * _latent);
            string label = batch.Labels is { } labels ? string.Create(CultureInfo.InvariantCulture, $"{labels[row]},") : "";
            _table.WriteLine($"{label}{Text(batch.Mean[place])},{Text(batch.LogVariance[place])}");
        }
    }

    public void Dispose() => _table.Dispose();

    private IEnumerable<string> Numbered(string name) =>
        Enumerable.Range(0, _latent).Select(d => string.Create(CultureInfo.InvariantCulture, $"{name}_{d}"));

    private static string Text(float[] values) => string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
