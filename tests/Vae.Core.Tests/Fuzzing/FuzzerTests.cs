namespace Vae.Core.Tests.Fuzzing;

/// <summary>What a fuzzer must notice, it notices.</summary>
public class FuzzerTests
{
    private static readonly FuzzSeed[] Seeds = [new(new byte[40])];

    [Fact]
    public void A_foreign_exception() => AssertNoticed("not ours", (_, _) => throw new InvalidOperationException("not ours"));

    [Fact]
    public void A_parser_without_end()
    {
        using ManualResetEventSlim end = new();
        AssertNoticed("no end after", (_, _) => end.Wait(Timeout.Infinite) || true, TimeSpan.FromSeconds(0.2));
        end.Set();
    }

    [Fact]
    public void Memory_on_the_word_of_a_file() => AssertNoticed("bytes of memory", (_, _) => new byte[65 << 20].Length > 0);

    [Fact]
    public void A_refusal_that_names_no_file() =>
        AssertNoticed("a line of the refusal: what", (_, _) => throw new VaeException(FailureKind.BadData, "what"));

    [Fact]
    public void A_control_character_in_a_refusal() =>
        AssertNoticed("a line of the refusal", (_, path) => throw new VaeException(FailureKind.BadData, $"{path}: \a"));

    [Fact]
    public void A_refusal_of_another_kind() =>
        AssertNoticed("Diverged", (_, path) => throw new VaeException(FailureKind.Diverged, $"{path}: what"));

    [Fact]
    public void Accepted_and_refused_files_are_counted()
    {
        int number = 0;
        FuzzTarget target = new("test", Seeds, (_, path) =>
            number++ % 4 == 0 ? throw new VaeException(FailureKind.BadData, $"{path}: refused") : number % 4 != 2);

        FuzzOutcome outcome = new Fuzzer(target).Run(100, 1);

        Assert.Equal((50, 50), (outcome.Accepted, outcome.Refused));
    }

    private static void AssertNoticed(string words, Func<byte[], string, bool> parse, TimeSpan? patience = null)
    {
        Fuzzer fuzzer = new(new FuzzTarget("test", Seeds, parse)) { Patience = patience ?? TimeSpan.FromSeconds(30) };
        string report = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => fuzzer.Run(1, 1)).Message;
        Assert.Contains(words, report, StringComparison.Ordinal);
        Assert.Contains("seed 1, case 0", report, StringComparison.Ordinal);
    }
}
