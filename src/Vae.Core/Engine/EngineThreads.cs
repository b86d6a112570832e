namespace Vae.Core.Engine;

/// <summary>Threads inside tensor operators (intra-op threads of libtorch and its BLAS).</summary>
internal static class EngineThreads
{
    /// <summary>
    /// Sets the number of threads and returns it. Without a request it is one: the layers of a VAE at ordinary batch sizes are
    /// too small to gain from more, and two threads that wait for each other are slower than one.
    /// </summary>
    public static int Use(int? requested)
    {
        int threads = requested ?? 1;
        set_num_threads(threads);
        return threads;
    }
}
