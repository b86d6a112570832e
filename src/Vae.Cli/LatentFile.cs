using System.Globalization;
using System.Text;
using Vae.Core.Composition;
using Vae.Core.Data.Formats;
using Vae.Core.Engine;
using Encoding = Vae.Core.Composition.Encoding;

namespace Vae.Cli;

/// <summary>Keeps latents in a file, batch by batch: as arrays for programs, or as a table.</summary>
internal static class LatentFile
{
    /// <summary>Encodes the images a request names and writes their latents, the whole file or nothing.</summary>
    /// <param name="path">A .npz or a .csv.</param>
    /// <param name="request">Which model and images.</param>
    /// <returns>Images encoded.</returns>
    public static long Write(string path, EncodeRequest request)
    {
        bool isTable = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        long count = 0;
        AtomicFile.Write(path, file => count = isTable ? WriteTable(file, request) : WriteArrays(file, request));
        return count;
    }

    private static long WriteArrays(Stream file, EncodeRequest request)
    {
        using var archive = new NpzWriter(file);
        NpzColumn? mean = null;
        NpzColumn? logVariance = null;
        NpzColumn? label = null;
        long count = Encoding.Run(
            request,
            (latent, hasLabels) =>
            {
                mean = archive.AddColumn("mean", NpyType.Float32, latent);
                logVariance = archive.AddColumn("log_variance", NpyType.Float32, latent);
                label = hasLabels ? archive.AddColumn("label", NpyType.Int64) : null;
            },
            batch =>
            {
                mean!.Append(batch.Mean);
                logVariance!.Append(batch.LogVariance);
                label?.Append(batch.Labels!);
            });
        archive.Complete();
        return count;
    }

    private static long WriteTable(Stream file, EncodeRequest request)
    {
        using var table = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        int dimensions = 0;
        return Encoding.Run(
            request,
            (latent, hasLabels) =>
            {
                dimensions = latent;
                IEnumerable<string> names = [
                    .. hasLabels ? (string[])["label"] : [],
                    .. Enumerable.Range(0, latent).Select(d => string.Create(CultureInfo.InvariantCulture, $"mean_{d}")),
                    .. Enumerable.Range(0, latent).Select(d => string.Create(CultureInfo.InvariantCulture, $"log_variance_{d}"))];
                table.WriteLine(string.Join(',', names));
            },
            batch =>
            {
                for (int row = 0; row * dimensions < batch.Mean.Length; row++)
                {
                    WriteRow(table, batch, row, dimensions);
                }
            });
    }

    private static void WriteRow(StreamWriter table, EncodedBatch batch, int row, int dimensions)
    {
        StringBuilder line = new();
        if (batch.Labels is { } labels)
        {
            line.Append(labels[row].ToString(CultureInfo.InvariantCulture)).Append(',');
        }

        Range place = (row * dimensions)..((row + 1) * dimensions);
        line.AppendJoin(',', batch.Mean[place].Select(Text)).Append(',').AppendJoin(',', batch.LogVariance[place].Select(Text));
        table.WriteLine(line);
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
