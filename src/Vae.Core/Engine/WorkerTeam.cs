using System.Runtime.ExceptionServices;

namespace Vae.Core.Engine;

/// <summary>
/// A few threads that do one piece of work together again and again, thousands of times a second, each with one thread inside tensor
/// operators. The caller is the first of them; between pieces the others check for work for a while and then wait.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // About a millisecond of checking for work before a thread waits; waking it costs some fifty microseconds.
    private const int RoundsAwake = 2000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wakeUps; // each thread's own, so that none takes the signal for another
    private readonly int[] _asleep;            // 1 for a thread that waits and was not signalled yet
    private readonly Lock _failureLock = new();
    private Action<int>? _job;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _failed;
    private volatile bool _disposed;
    private volatile int _piece;     // number of the piece of work under way
    private volatile int _running;   // threads besides the caller that are not done with it
    private volatile int _arrived;   // at the meeting point
    private volatile int _meeting;

    /// <summary>Starts so many threads in all, the caller's among them.</summary>
    public WorkerTeam(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _wakeUps = [.. Enumerable.Range(0, count).Select(_ => new SemaphoreSlim(0))];
        _asleep = new int[count];
        IEnumerable<int> others = Enumerable.Range(1, count - 1);
        _threads = [.. others.Select(worker => new Thread(() => Serve(worker)) { IsBackground = true, Name = $"worker {worker}" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Threads, the caller's among them.</summary>
    public int Count { get; }

    /// <summary>Calls the job with 0 … Count−1, each on a thread of its own, and returns when all are done.</summary>
    /// <remarks>Threads inside the caller's tensor operators are one from the first call on. The first failure is thrown here.</remarks>
    public void Run(Action<int> job)
    {
        if (get_num_threads() != 1)
        {
            set_num_threads(1);
        }

        _failed = false;
        _failure = null;
        _job = job;
        _arrived = 0;
        _running = _threads.Length;
        Interlocked.Increment(ref _piece);
        WakeUp();
        Attempt(0);
        SpinWait wait = default;
        while (_running > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        _failure?.Throw();
    }

    /// <summary>Within a job: waits until every thread of the team is here.</summary>
    /// <exception cref="OperationCanceledException">Another thread failed and will not come.</exception>
    public void Meet()
    {
        if (Count == 1)
        {
            return;
        }

        int meeting = _meeting;
        if (Interlocked.Increment(ref _arrived) == Count)
        {
            _arrived = 0;
            _meeting = meeting + 1;
            return;
        }

        SpinWait wait = default;
        while (_meeting == meeting)
        {
            if (_failed)
            {
                throw new OperationCanceledException("Another worker failed.");
            }

            wait.SpinOnce(sleep1Threshold: -1); // gives the processor away when the other has none
        }
    }

    /// <summary>The part of so many items that a worker takes: consecutive, beginning at a multiple of the grain, otherwise even.</summary>
    public static (int Start, int End) Share(int worker, int workers, int length, int grain = 1)
    {
        int grains = (length + grain - 1) / grain;
        int start = (int)((long)grains * worker / workers) * grain;
        int end = (int)((long)grains * (worker + 1) / workers) * grain;
        return (Math.Min(start, length), Math.Min(end, length));
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Array.ForEach(_wakeUps, wakeUp => wakeUp.Release());
        Array.ForEach(_threads, thread => thread.Join());
        Array.ForEach(_wakeUps, wakeUp => wakeUp.Dispose());
    }

    private void Serve(int worker)
    {
        using IDisposable noGradient = no_grad();
        set_num_threads(1);
        for (int done = 0; ; done++)
        {
            AwaitPieceAfter(done, worker);
            if (_disposed)
            {
                return;
            }

            Attempt(worker);
            Interlocked.Decrement(ref _running);
        }
    }

    private void WakeUp()
    {
        for (int worker = 1; worker < Count; worker++)
        {
            if (Volatile.Read(ref _asleep[worker]) == 1 && Interlocked.Exchange(ref _asleep[worker], 0) == 1)
            {
                _wakeUps[worker].Release();
            }
        }
    }

    private void AwaitPieceAfter(int done, int worker)
    {
        SpinWait wait = default;
        for (int round = 0; round < RoundsAwake; round++)
        {
            if (_piece != done || _disposed)
            {
                return;
            }

            wait.SpinOnce(sleep1Threshold: -1);
        }

        Interlocked.Exchange(ref _asleep[worker], 1);
        if (_piece != done && Interlocked.Exchange(ref _asleep[worker], 0) == 1)
        {
            return; // the work came after the last check and before the wait, so that no signal follows
        }

        _wakeUps[worker].Wait();
    }

    private void Attempt(int worker)
    {
        try
        {
            _job!(worker);
        }
        catch (Exception exception)
        {
            lock (_failureLock)
            {
                // What the others throw at the meeting point is no failure of their own.
                if (_failure is null || _failure.SourceException is OperationCanceledException)
                {
                    _failure = ExceptionDispatchInfo.Capture(exception);
                }
            }

            _failed = true;
        }
    }
}
