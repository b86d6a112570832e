namespace Vae.Core.Verbs;

/// <summary>Everything `traverse` needs to know.</summary>
public sealed record TraverseRequest : ModelRequest
{
    /// <summary>Rows, the most informative latent dimensions first; null for all.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Images in a row.</summary>
    public int Steps { get; init; } = 11;

    /// <summary>The rows go from −Range to Range standard deviations of the prior.</summary>
    public double Range { get; init; } = 3;
}

/// <summary>A latent dimension as a row of a traversal.</summary>
/// <param name="Dimension">Its index.</param>
/// <param name="Kl">Its mean KL over the data the run was evaluated on, in nats; NaN for a checkpoint without a whole epoch.</param>
public sealed record TraversedDimension(int Dimension, double Kl);

/// <summary>`traverse`: one row a latent dimension, the others at the prior's mean.</summary>
public static class Traverse
{
    /// <summary>
    /// Moves each dimension through the prior's range, the most informative (largest mean KL) first, and returns the rows. The output takes
    /// the array "images", [N, C, H, W] of 0 to 1, row by row.
    /// </summary>
    /// <exception cref="VaeException">
    /// MissingInput or BadData for the checkpoint, Unavailable for the device, Usage for more dimensions than there are and for a picture
    /// that would be too large.
    /// </exception>
    public static IReadOnlyList<TraversedDimension> Run(TraverseRequest request, ArrayOutput output, CancellationToken stop)
    {
        using LoadedModel loaded = LoadedModel.Load(request);
        loaded.NeedPaths();
        using IDisposable noGradient = no_grad();
        int latent = loaded.Model.Latent;
        int count = request.Dimensions ?? latent;
        if (count > latent)
        {
            throw loaded.Failure(FailureKind.Usage, $"{count} dimensions are asked for, the model has {latent}");
        }

        TraversedDimension[] rows = [.. Ordered(loaded.Header.Progress.KlPerDimension, latent).Take(count)];
        output.Begin(OutputLayout.OfImages(loaded.Shape, checked(rows.Length * request.Steps), request.Steps, "images"));
        (float[] mean, float[] deviation) = loaded.PriorMoments(); // a learned prior may lie anywhere and be of any width
        foreach (TraversedDimension row in rows)
        {
            stop.ThrowIfCancellationRequested();
            float reach = (float)request.Range * deviation[row.Dimension];
            float[] from = [.. mean];
            float[] to = [.. mean];
            from[row.Dimension] -= reach;
            to[row.Dimension] += reach;
            output.Append(loaded.DecodeMeans(LatentPaths.Linear(from, to, request.Steps)));
        }

        return rows;
    }

    /// <summary>All dimensions, the largest mean KL first; in their order where it is not known.</summary>
    internal static IEnumerable<TraversedDimension> Ordered(IReadOnlyList<double> kl, int latent) =>
        Enumerable.Range(0, latent)
            .Select(d => new TraversedDimension(d, kl.Count == latent ? kl[d] : double.NaN))
            .OrderByDescending(row => row.Kl);
}
