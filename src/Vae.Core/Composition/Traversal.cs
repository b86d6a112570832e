using Vae.Core.Data;
using Vae.Core.Distributions;
using Vae.Core.Evaluation;

namespace Vae.Core.Composition;

/// <summary>A latent dimension as a row of a traversal.</summary>
/// <param name="Dimension">Its index.</param>
/// <param name="Kl">Its mean KL over the data the run was evaluated on, in nats; NaN for a checkpoint without a whole epoch.</param>
public sealed record TraversedDimension(int Dimension, double Kl);

/// <summary>`traverse`: one row a latent dimension, the others at the prior's mean.</summary>
public static class Traversal
{
    /// <summary>Moves each dimension through the prior's range, the most informative (largest mean KL) first.</summary>
    /// <param name="request">Which model, and which rows.</param>
    /// <param name="writer">Takes the images, row by row.</param>
    /// <param name="stop">Ends the work soon.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for the checkpoint, Unavailable for the device, Usage for more dimensions than there are.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static IReadOnlyList<TraversedDimension> Run(TraverseRequest request, IImageWriter writer, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        loaded.NeedPaths();
        using IDisposable noGradient = no_grad();
        int latent = loaded.Model.Latent;
        int count = request.Dimensions ?? latent;
        if (count > latent)
        {
            throw new VaeException(
                FailureKind.Usage,
                string.Create(CultureInfo.InvariantCulture, $"{loaded.Path}: {count} dimensions are asked for, the model has {latent}"));
        }

        TraversedDimension[] rows = [.. Ordered(loaded.Header.Progress.KlPerDimension, latent).Take(count)];
        (float[] mean, float[] deviation) = PriorMoments(loaded);
        writer.Begin(new ImageLayout(loaded.Shape, checked(rows.Length * request.Steps), request.Steps));
        foreach (TraversedDimension row in rows)
        {
            stop.ThrowIfCancellationRequested();
            float reach = (float)request.Range * deviation[row.Dimension];
            float[] from = [.. mean];
            float[] to = [.. mean];
            from[row.Dimension] -= reach;
            to[row.Dimension] += reach;
            writer.Write(loaded.DecodeMeans(LatentPaths.Linear(from, to, request.Steps)));
        }

        return rows;
    }

    // Of a prior whose moments are not known, so many draws tell them to 1 %.
    private const int MomentDraws = 10_000;

    // A learned prior may lie anywhere and be of any width; of N(0, I) they are 0 and 1.
    private static (float[] Mean, float[] Deviation) PriorMoments(LoadedModel loaded)
    {
        using DisposeScope scope = NewDisposeScope();
        if (loaded.Model.SharedPrior() is IMoments known)
        {
            DiagonalGaussian matched = known.Matched(empty([loaded.Model.Latent], device: loaded.Device.Device));
            return (matched.Mean.cpu().data<float>().ToArray(), matched.StandardDeviation().cpu().data<float>().ToArray());
        }

        Tensor draws = loaded.Model.SampleLatents(seed: 1, BatchOrder.Sequential(MomentDraws)); // [N, D]
        return (draws.mean([0L]).cpu().data<float>().ToArray(), draws.std(0).cpu().data<float>().ToArray());
    }

    /// <summary>All dimensions, the largest mean KL first; in their order where it is not known.</summary>
    internal static IEnumerable<TraversedDimension> Ordered(IReadOnlyList<double> kl, int latent) =>
        kl.Count == latent
            ? Enumerable.Range(0, latent).Select(d => new TraversedDimension(d, kl[d])).OrderByDescending(row => row.Kl)
            : Enumerable.Range(0, latent).Select(d => new TraversedDimension(d, double.NaN));
}
