namespace Vae.Benchmarks;

/// <summary>
/// The matrix products of a decoder 20-400-784 and nothing else: the same BLAS, one thread in it for each worker, results written to the
/// same memory again and again. What any evaluator of that model has to do at least.
/// </summary>
/// <param name="Widths">Of the layers, from the latents to the pixels.</param>
/// <param name="Workers">Threads.</param>
internal sealed record MatrixFloor(int[] Widths, int Workers)
{
    public static int[] ChunkSizes { get; } = [32, 48, 64, 96, 128, 192, 256, 384, 512, 1024];

    /// <summary>Multiplies as many rows in all, a chunk of rows at a time.</summary>
    public void Multiply(long rows, int chunk)
    {
        int chunks = (int)Math.Max(Workers, rows / chunk);
        Vae.Core.Engine.Workers.ForEach(Workers, Workers, worker => Multiply(Share(chunks, worker), chunk, seed: worker));
    }

    /// <summary>The chunk size at which this is fastest now.</summary>
    public int FastestChunk(long rows) =>
        ChunkSizes.MinBy(chunk => Enumerable.Range(0, 3).Min(_ => Cost.Of(() => Multiply(rows, chunk)).Processor));

    private int Share(int chunks, int worker) => (chunks / Workers) + (worker < chunks % Workers ? 1 : 0);

    private void Multiply(int chunks, int chunk, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        RandomStream stream = new((ulong)seed, RandomPurpose.EvaluationNoise);
        Tensor[] values = [.. Widths
            .Select((width, layer) => Noise.Normal(stream, layer, 0, CPU, chunk, width))];                                 // [chunk, width]
        Tensor[] weights = [.. Enumerable.Range(0, Widths.Length - 1)
            .Select(layer => Noise.Normal(stream, layer, 1, CPU, Widths[layer + 1], Widths[layer]).t())];                  // [in, out]
        for (int i = 0; i < chunks; i++)
        {
            for (int layer = 0; layer < weights.Length; layer++)
            {
                values[layer + 1].addmm_(values[layer], weights[layer], beta: 0);
            }
        }
    }
}
