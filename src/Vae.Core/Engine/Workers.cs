namespace Vae.Core.Engine;

/// <summary>
/// Runs independent items on a few threads, each with one thread inside tensor operators: on layers as small as a VAE's that is faster than
/// letting every operator share its work among threads.
/// </summary>
internal static class Workers
{
    /// <summary>
    /// Runs every item once, in no fixed order, on up to so many threads, of which the caller's is one. Gradients are off in them.
    /// Afterwards the caller's thread has as many threads inside operators as before. An item writes where no other does.
    /// </summary>
    public static void ForEach(int workers, int items, Action<int> run)
    {
        int next = -1;
        List<Exception> failures = [];

        void Work()
        {
            try
            {
                using IDisposable noGradient = no_grad();
                set_num_threads(1);
                for (int item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next))
                {
                    run(item);
                }
            }
            catch (Exception exception)
            {
                Interlocked.Exchange(ref next, items); // the others stop after the item they are at
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
        }

        int others = Math.Clamp(workers, 1, Math.Max(1, items)) - 1;
        Thread[] threads = [.. Enumerable.Range(0, others).Select(_ => new Thread(Work) { IsBackground = true })];
        int threadsInside = get_num_threads();
        Array.ForEach(threads, thread => thread.Start());
        Work();
        Array.ForEach(threads, thread => thread.Join());
        set_num_threads(threadsInside); // not before the others are done: some libraries have one number for the whole process

        if (failures.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures[0]);
        }
    }
}

/// <summary>Threads inside tensor operators (intra-op threads of libtorch and its BLAS).</summary>
internal static class EngineThreads
{
    /// <summary>
    /// Sets the number of threads. Without a request it is one: the layers of a VAE at ordinary batch sizes are too small to gain from
    /// more, and two threads that wait for each other are slower than one.
    /// </summary>
    public static void Use(int? requested) => set_num_threads(requested ?? 1);
}
