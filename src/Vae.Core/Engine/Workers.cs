namespace Vae.Core.Engine;

/// <summary>
/// Runs independent items on a few threads, each with one thread inside tensor operators: on layers as small as a VAE's that is faster than
/// letting every operator share its work among threads.
/// </summary>
internal static class Workers
{
    /// <summary>
    /// Calls <paramref name="run"/> for every item, on up to <paramref name="workers"/> threads, of which the caller's is one. Gradients are
    /// off in them. Afterwards the caller's thread has as many threads inside operators as before.
    /// </summary>
    /// <param name="workers">Threads, at least one.</param>
    /// <param name="items">Items; each is run once, in no fixed order.</param>
    /// <param name="run">Called with the item's number; writes its result where no other item writes.</param>
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

        Thread[] threads = [.. Enumerable.Range(0, Math.Clamp(workers, 1, Math.Max(1, items)) - 1).Select(_ => new Thread(Work) { IsBackground = true })];
        int threadsInside = get_num_threads();
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        Work();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        set_num_threads(threadsInside); // not before the others are done: some libraries have one number for the whole process

        if (failures.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures[0]);
        }
    }
}
