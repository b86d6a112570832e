using System.Diagnostics;

namespace Vae.Benchmarks;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Run">Does so many units of work and returns the seconds they took.</param>
internal sealed record Contender(string Name, Func<int, double> Run)
{
    /// <summary>Work of this process, timed here.</summary>
    public static Contender Local(string name, Action<int> work) => new(name, units =>
    {
        Stopwatch watch = Stopwatch.StartNew();
        work(units);
        return watch.Elapsed.TotalSeconds;
    });
}

/// <summary>Times several sides strictly in turn, A B C A B C …, so that whatever else the machine does meets all alike.</summary>
internal static class Turns
{
    // Threads of a pool that wait actively stop to do so within this time; the others then have the processors for themselves.
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Seconds a unit of each contender in each round, by its name. Each turn lasts about as long as asked.</summary>
    public static Dictionary<string, double[]> Take(IReadOnlyList<Contender> contenders, int rounds, double secondsPerTurn)
    {
        int[] units = [.. contenders.Select(contender => UnitsFor(contender, secondsPerTurn))];
        double[][] times = [.. contenders.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                Thread.Sleep(Pause);
                times[i][round] = contenders[i].Run(units[i]) / units[i];
            }
        }

        return contenders.Select((contender, i) => (contender.Name, Times: times[i])).ToDictionary(pair => pair.Name, pair => pair.Times);
    }

    /// <summary>
    /// So many units as take the time, by runs that double; what they compile and allocate is done before the first round.
    /// </summary>
    private static int UnitsFor(Contender contender, double seconds)
    {
        contender.Run(1);
        int units = 1;
        while (true)
        {
            double taken = contender.Run(units);
            if (taken >= seconds / 4 || units >= 1 << 24)
            {
                return Math.Max(1, (int)Math.Round(units * seconds / taken));
            }

            units *= 2;
        }
    }
}
