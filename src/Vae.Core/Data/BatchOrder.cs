using Vae.Core.Engine;

namespace Vae.Core.Data;

/// <summary>The order in which an epoch visits the images: a pure function of (seed, epoch, count).</summary>
public static class BatchOrder
{
    /// <summary>A random permutation of 0 … count−1 [N], each as likely as the others.</summary>
    public static int[] Permutation(ulong seed, long epoch, int count)
    {
        int[] order = new int[count];
        Permute(seed, epoch, order);
        return order;
    }

    /// <summary>The same into memory of the caller's: an epoch's order is large, and taken anew each time it would pile up.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="order">Filled whole, [N].</param>
    public static void Permute(ulong seed, long epoch, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        RandomSequence random = new RandomStream(seed, RandomPurpose.BatchOrder).Sequence(epoch, 0);
        for (int last = order.Length - 1; last > 0; last--)
        {
            int other = random.NextBelow(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }

    /// <summary>0 … count−1 in their order [N], for evaluation.</summary>
    public static int[] Sequential(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>Consecutive slices of an order; the last one may be smaller and is kept.</summary>
    public static IEnumerable<ReadOnlyMemory<int>> Batches(ReadOnlyMemory<int> order, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return Slices(order, batchSize);
    }

    /// <summary>The number of batches that <see cref="Batches"/> gives.</summary>
    public static int BatchCount(int count, int batchSize) => (int)(((long)count + batchSize - 1) / batchSize);

    private static IEnumerable<ReadOnlyMemory<int>> Slices(ReadOnlyMemory<int> order, int batchSize)
    {
        for (int start = 0; start < order.Length; start += Math.Min(batchSize, order.Length - start))
        {
            yield return order.Slice(start, Math.Min(batchSize, order.Length - start));
        }
    }
}
