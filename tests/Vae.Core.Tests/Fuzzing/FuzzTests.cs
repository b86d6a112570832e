using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Vae.Core.Tests.Fuzzing;

/// <summary>
/// Every parser on damaged files: 20,000 of them in all here, a million by scripts/fuzz.sh, which gets a line for each parser in the
/// file that VAE_FUZZ_REPORT names.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    public static TheoryData<string> Parsers => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Damaged_files_are_read_or_refused_in_time_within_bounds_and_in_words_of_our_own(string parser)
    {
        FuzzTarget target = FuzzTargets.All.Single(candidate => candidate.Name == parser);

        FuzzOutcome outcome = new Fuzzer(target).Run(Math.Max(1, Fuzzer.TotalCases / FuzzTargets.All.Count), Fuzzer.GlobalSeed);

        Report(outcome);
        Assert.True(outcome.Accepted > 0 && outcome.Refused > 0, $"the damage does not reach both ends of the parser: {outcome}");
    }

    private void Report(FuzzOutcome outcome)
    {
        output.WriteLine(outcome.ToString());
        if (Environment.GetEnvironmentVariable("VAE_FUZZ_REPORT") is { Length: > 0 } file)
        {
            using Process process = Process.GetCurrentProcess();
            long resident = process.PeakWorkingSet64 >> 20;
            File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{outcome}  process at most {resident} MiB resident\n"));
        }
    }
}
