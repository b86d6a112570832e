using Vae.Core.Evaluation;
using static TorchSharp.torch;

namespace Vae.Core.Composition;

/// <summary>A latent dimension as a row of a traversal.</summary>
/// <param name="Dimension">Its index.</param>
/// <param name="Kl">Its mean KL over the data the run was evaluated on, in nats; NaN for a checkpoint without a whole epoch.</param>
public sealed record TraversedDimension(int Dimension, double Kl);

/// <summary>`traverse`: one row a latent dimension, the others at the prior's centre.</summary>
public static class Traversal
{
    /// <summary>Moves each dimension through the prior's range, the most informative (largest mean KL) first.</summary>
    /// <exception cref="VaeException">MissingInput or BadData for the checkpoint, Unavailable for the device.</exception>
    public static (ImageRows Images, IReadOnlyList<TraversedDimension> Rows) Run(TraverseRequest request)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        using IDisposable noGradient = no_grad();
        int latent = loaded.Model.Latent;
        TraversedDimension[] rows = [.. Ordered(loaded, latent).Take(request.Dimensions ?? latent)];
        float[] from = new float[latent];
        float[] to = new float[latent];
        List<float> pixels = [];
        foreach (TraversedDimension row in rows)
        {
            Array.Clear(from);
            Array.Clear(to);
            from[row.Dimension] = (float)-request.Range;
            to[row.Dimension] = (float)request.Range;
            pixels.AddRange(loaded.DecodeMeans(LatentPaths.Linear(from, to, request.Steps)));
        }

        return (new ImageRows(loaded.Header.Shape, rows.Length * request.Steps, request.Steps, [.. pixels], loaded.Path), rows);
    }

    private static IEnumerable<TraversedDimension> Ordered(LoadedModel loaded, int latent)
    {
        IReadOnlyList<double> kl = loaded.Header.Progress.KlPerDimension;
        return kl.Count == latent
            ? Enumerable.Range(0, latent).Select(d => new TraversedDimension(d, kl[d])).OrderByDescending(row => row.Kl).ThenBy(row => row.Dimension)
            : Enumerable.Range(0, latent).Select(d => new TraversedDimension(d, double.NaN));
    }
}
