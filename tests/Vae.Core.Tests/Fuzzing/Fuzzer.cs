using System.Diagnostics;
using System.Globalization;

namespace Vae.Core.Tests.Fuzzing;

/// <summary>What became of the cases of one parser.</summary>
internal sealed record FuzzOutcome(string Target, int Seed, int Accepted, int Refused, TimeSpan Slowest, long MostBytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target,-14} {Accepted + Refused,9} cases  {Accepted,8} read  {Refused,8} refused  "
        + $"slowest {Slowest.TotalMilliseconds,6:0} ms  most memory {MostBytes / 1024.0,7:0} KiB  seed {Seed}");
}

/// <summary>
/// Feeds damaged files to a parser. It must read them or refuse them in lines of its own, come to an end, and take no memory on the word
/// of a file: all that it allocates together, freed or not, stays below twice the file and 64 MiB.
/// </summary>
internal sealed class Fuzzer(FuzzTarget target)
{
    private const long FreeBytes = 64L << 20;

    private long _caseBegan;
    private int _case;
    private byte[] _file = [];
    private int _accepted;
    private int _refused;
    private long _slowest;
    private long _mostBytes;

    /// <summary>How long one file may take, even on a machine that does much else.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Cases of all parsers together: 20,000, or what the environment variable VAE_FUZZ_CASES says.</summary>
    public static int TotalCases { get; } = FromEnvironment("VAE_FUZZ_CASES") ?? 20_000;

    /// <summary>The seed of all damage, or what the environment variable VAE_FUZZ_SEED says.</summary>
    public static int GlobalSeed { get; } = FromEnvironment("VAE_FUZZ_SEED") ?? 20_260;

    /// <summary>Runs cases on a thread of their own, so that one without end can be told.</summary>
    public FuzzOutcome Run(int cases, int seed)
    {
        Exception? failure = null;
        Volatile.Write(ref _caseBegan, Stopwatch.GetTimestamp());
        Thread thread = new(() => failure = Record.Exception(() => RunCases(cases, seed)))
        {
            IsBackground = true,
            Name = $"fuzz {target.Name}",
        };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(100)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _caseBegan)) > Patience)
            {
                Assert.Fail(Describe(seed, $"no end after {Patience.TotalSeconds:0} s"));
            }
        }

        Assert.True(failure is null, failure is null ? null : Describe(seed, failure.ToString()));
        return new FuzzOutcome(target.Name, seed, _accepted, _refused, Stopwatch.GetElapsedTime(0, _slowest), _mostBytes);
    }

    /// <summary>Runs one file; whether it was accepted.</summary>
    public bool RunOne(byte[] file)
    {
        using TemporaryFolder folder = new();
        RunCase(file, folder["file"]);
        return _accepted == 1;
    }

    private void RunCases(int cases, int seed)
    {
        using TemporaryFolder folder = new();
        Mutator mutator = new(seed, [.. target.Words]);
        for (_case = 0; _case < cases; _case++)
        {
            FuzzSeed whole = target.Seeds[_case % target.Seeds.Count];
            byte[] damaged = mutator.Mutate(whole.Content);
            RunCase(whole.Pack?.Invoke(damaged) ?? damaged, folder["file"]);
        }
    }

    private void RunCase(byte[] file, string path)
    {
        _file = file;
        if (target.ReadsDisk)
        {
            File.WriteAllBytes(path, file);
        }

        long began = Stopwatch.GetTimestamp();
        Volatile.Write(ref _caseBegan, began);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool accepted;
        try
        {
            accepted = target.Parse(file, path);
        }
        catch (VaeException refusal)
        {
            accepted = false;
            CheckRefusal(refusal, path);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= (2L * file.Length) + FreeBytes, $"{allocated} bytes of memory for a file of {file.Length}");
        _mostBytes = Math.Max(_mostBytes, allocated);
        _slowest = Math.Max(_slowest, Stopwatch.GetTimestamp() - began);
        (_accepted, _refused) = accepted ? (_accepted + 1, _refused) : (_accepted, _refused + 1);
    }

    private void CheckRefusal(VaeException refusal, string path)
    {
        Assert.Contains(refusal.Kind, target.Kinds);
        string[] beginnings = [.. target.Beginnings.Select(beginning => beginning.Replace("{path}", path, StringComparison.Ordinal))];
        foreach (string line in refusal.Message.Split('\n'))
        {
            Assert.True(
                beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal)) && !line.Any(char.IsControl),
                $"a line of the refusal: {line}");
        }
    }

    private string Describe(int seed, string problem)
    {
        string file = _file.Length <= 20_000 ? Convert.ToBase64String(_file) : $"{_file.Length} bytes";
        return $"{target.Name}, seed {seed}, case {_case}: {problem}\n{file}";
    }

    private static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
