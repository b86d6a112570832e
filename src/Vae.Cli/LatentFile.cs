using Vae.Core.Composition;
using Vae.Core.Data.Formats;
using Vae.Core.Engine;

namespace Vae.Cli;

/// <summary>Keeps latents in a file, batch by batch: as arrays for programs, or as a table. The file is written whole or not at all.</summary>
internal static class LatentFile
{
    /// <summary>Writes latents as they are made. That the file can be made is known before the work begins.</summary>
    /// <param name="path">A .npz or a .csv.</param>
    /// <param name="make">Makes the latents.</param>
    public static void Write(string path, Action<ILatentWriter> make) => AtomicFile.Write(path, file =>
    {
        if (Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
        {
            using LatentTableWriter table = new LatentTableWriter(file);
            make(table);
        }
        else
        {
            using NpzWriter archive = new NpzWriter(file);
            make(new ArraysWriter(archive));
            archive.Complete();
        }
    });

    private sealed class ArraysWriter(NpzWriter archive) : ILatentWriter
    {
        private NpzColumn? _mean;
        private NpzColumn? _logVariance;
        private NpzColumn? _label;

        public void Begin(int latent, bool hasLabels)
        {
            _mean = archive.AddColumn("mean", NpyType.Float32, latent);
            _logVariance = archive.AddColumn("log_variance", NpyType.Float32, latent);
            _label = hasLabels ? archive.AddColumn("label", NpyType.Int64) : null;
        }

        public void Write(EncodedBatch batch)
        {
            _mean!.Append(batch.Mean);
            _logVariance!.Append(batch.LogVariance);
            _label?.Append(batch.Labels!);
        }
    }
}
