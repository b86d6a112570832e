namespace Vae.Core.Evaluation;

/// <summary>Paths between latents, as plain numbers.</summary>
internal static class LatentPaths
{
    /// <summary>The straight line from one latent to another, both ends included.</summary>
    /// <param name="from">[D].</param>
    /// <param name="to">[D].</param>
    /// <param name="steps">Points, at least 2.</param>
    /// <returns>steps rows of [D].</returns>
    public static float[][] Linear(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps) => Path(from, to, steps, t => (1 - t, t));

    /// <summary>
    /// The great-circle arc from one latent to another (Shoemake 1985; White 2016 for generative models), whose points keep norms that
    /// draws of a Gaussian have. Where the two point the same or the opposite way it is the straight line.
    /// </summary>
    /// <param name="from">[D].</param>
    /// <param name="to">[D].</param>
    /// <param name="steps">Points, at least 2.</param>
    /// <returns>steps rows of [D].</returns>
    public static float[][] Slerp(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps)
    {
        double dot = 0;
        double fromSquares = 0;
        double toSquares = 0;
        for (int d = 0; d < from.Length; d++)
        {
            dot += (double)from[d] * to[d];
            fromSquares += (double)from[d] * from[d];
            toSquares += (double)to[d] * to[d];
        }

        double cosine = dot / Math.Sqrt(fromSquares * toSquares);
        double angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        double sine = Math.Sin(angle);
        return sine > 1e-6
            ? Path(from, to, steps, t => (Math.Sin((1 - t) * angle) / sine, Math.Sin(t * angle) / sine))
            : Linear(from, to, steps);
    }

    // Points with weights that follow the fraction of the way, 0 to 1.
    private static float[][] Path(
        ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps, Func<double, (double From, double To)> weights)
    {
        float[][] path = new float[steps][];
        for (int step = 0; step < steps; step++)
        {
            (double fromWeight, double toWeight) = weights((double)step / (steps - 1));
            path[step] = new float[from.Length];
            for (int d = 0; d < from.Length; d++)
            {
                path[step][d] = (float)((fromWeight * from[d]) + (toWeight * to[d]));
            }
        }

        return path;
    }
}
