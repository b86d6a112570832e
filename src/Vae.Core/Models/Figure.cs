namespace Vae.Core.Models;

/// <summary>
/// A figure of a pass over images: sums over examples under a name, and what is told of them. Not every figure is a mean: a perplexity is made
/// of the counts of a whole epoch, and is no mean of perplexities.
/// </summary>
/// <param name="Name">In snake_case, as metrics.jsonl has it.</param>
/// <param name="Length">How many sums it has.</param>
/// <param name="Finish">From the sums and the number of images to what is told; null for the mean of a single sum.</param>
public sealed record Figure(string Name, int Length = 1, Func<IReadOnlyList<double>, long, double>? Finish = null)
{
    /// <summary>What the sums over so many images come to.</summary>
    public double Of(IReadOnlyList<double> sums, long images) => Finish?.Invoke(sums, images) ?? sums[0] / images;
}
