using System.Diagnostics;

namespace Vae.Core.Tests.Engine;

[Collection(AloneCollection.Name)] // a team sets how many threads operators of this process have
public sealed class WorkerTeamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly int _threadsInside = get_num_threads();

    public void Dispose() => set_num_threads(_threadsInside);

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(2, 20_000)]
    [InlineData(3, 10_000)]
    [InlineData(7, 2000)]
    public void Every_worker_does_its_part_once_in_each_of_many_thousand_pieces(int count, int pieces)
    {
        using WorkerTeam team = new(count);
        int[] parts = new int[count];
        for (int piece = 1; piece <= pieces; piece++)
        {
            team.Run(worker => parts[worker]++);

            Assert.All(parts, done => Assert.Equal(piece, done));
        }
    }

    [Fact]
    public void Each_worker_has_a_thread_of_its_own_with_one_thread_inside_operators_and_the_caller_is_the_first()
    {
        set_num_threads(2);
        using WorkerTeam team = new(3);
        int[] threads = new int[3];
        int[] inside = new int[3];
        team.Run(worker => (threads[worker], inside[worker]) = (Environment.CurrentManagedThreadId, get_num_threads()));

        Assert.Equal(Environment.CurrentManagedThreadId, threads[0]);
        Assert.Equal(3, threads.Distinct().Count());
        Assert.Equal([1, 1, 1], inside);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Nobody_leaves_a_meeting_before_all_have_come(int count)
    {
        const int Meetings = 50;
        const int Pieces = 100;
        using WorkerTeam team = new(count);
        int tooEarly = 0;
        for (int piece = 0; piece < Pieces; piece++)
        {
            int[] arrived = new int[Meetings];
            team.Run(worker =>
            {
                for (int meeting = 0; meeting < Meetings; meeting++)
                {
                    Thread.SpinWait(worker == meeting % count ? 500 : 0); // another one is late each time
                    Interlocked.Increment(ref arrived[meeting]);
                    team.Meet();
                    if (Volatile.Read(ref arrived[meeting]) != count)
                    {
                        Interlocked.Increment(ref tooEarly);
                    }
                }
            });
        }

        Assert.Equal(0, tooEarly);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_failure_ends_the_waiting_of_the_others_reaches_the_caller_and_leaves_the_team_able_to_work(int failing)
    {
        using WorkerTeam team = new(3);
        for (int round = 0; round < 50; round++)
        {
            InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => team.Run(worker =>
            {
                if (worker == failing)
                {
                    throw new InvalidOperationException($"worker {worker}");
                }

                team.Meet();
            }));
            Assert.Equal($"worker {failing}", failure.Message);

            int met = 0;
            team.Run(worker =>
            {
                team.Meet();
                Interlocked.Increment(ref met);
            });
            Assert.Equal(3, met);
        }
    }

    [Fact]
    public void Workers_that_fell_asleep_are_called_each_time()
    {
        const int Count = 6;
        using WorkerTeam team = new(Count);
        Thread[] threads = new Thread[Count];
        int[] parts = new int[Count];
        for (int piece = 1; piece <= 10; piece++)
        {
            team.Run(worker =>
            {
                threads[worker] = Thread.CurrentThread;
                parts[worker]++;
                Thread.SpinWait(worker * 1000); // they lie down one after the other
            });
            Assert.All(parts, done => Assert.Equal(piece, done));

            Assert.All(
                threads[1..], thread => Assert.True(SpinWait.SpinUntil(() => IsAsleep(thread), Patience), $"{thread.Name} stays awake"));
        }
    }

    [Fact]
    public void Pauses_as_long_as_the_time_that_workers_stay_awake_lose_no_call()
    {
        using WorkerTeam team = new(4);
        Random random = new(1);
        int[] parts = new int[4];
        Stopwatch watch = Stopwatch.StartNew();
        for (int piece = 1; watch.Elapsed < TimeSpan.FromSeconds(2); piece++)
        {
            team.Run(worker => parts[worker]++);
            Assert.All(parts, done => Assert.Equal(piece, done));
            Thread.SpinWait(random.Next(100_000));
        }
    }

    [Theory]
    [InlineData(1, 10, 1)]
    [InlineData(3, 10, 1)]
    [InlineData(3, 100, 16)]
    [InlineData(4, 17, 16)]
    [InlineData(5, 3, 1)]
    [InlineData(2, 0, 8)]
    [InlineData(7, 2_000_000_011, 16)]
    public void Shares_follow_each_other_from_the_first_item_to_the_last_and_are_even_but_for_the_grain(int workers, int length, int grain)
    {
        (int Start, int End)[] shares =
            [.. Enumerable.Range(0, workers).Select(worker => WorkerTeam.Share(worker, workers, length, grain))];

        Assert.Equal(0, shares[0].Start);
        Assert.Equal(length, shares[^1].End);
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        Assert.All(shares, share => Assert.True(share.Start % grain == 0 || share.Start == length, $"{share}"));
        Assert.All(
            shares, share => Assert.InRange(share.End - share.Start, Math.Max(0, (length / workers) - grain), (length / workers) + grain));
    }

    [Fact]
    public void Disposing_ends_the_threads_and_may_be_done_twice()
    {
        Thread[] threads = new Thread[3];
        WorkerTeam used = new(3);
        used.Run(worker => threads[worker] = Thread.CurrentThread);
        used.Dispose();
        used.Dispose();
        WorkerTeam unused = new(2);
        unused.Dispose();
        unused.Dispose();

        Assert.All(threads[1..], thread => Assert.False(thread.IsAlive));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(0));
    }

    // A thread that looks for work and gives its processor away may wait for a moment as well.
    private static bool IsAsleep(Thread thread)
    {
        for (int look = 0; look < 20; look++)
        {
            if ((thread.ThreadState & System.Threading.ThreadState.WaitSleepJoin) == 0)
            {
                return false;
            }

            Thread.SpinWait(1000);
        }

        return true;
    }
}
