using System.Text.RegularExpressions;

namespace Vae.Core.Tests.Conventions;

public partial class ReductionTests
{
    [Fact]
    public void No_sum_or_mean_is_over_the_literal_0_which_names_the_first_scalar_type_and_not_the_first_dimension()
    {
        IEnumerable<string> sources = Directory.EnumerateFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories);

        string[] found = [.. sources.Where(path => OverBareZero().IsMatch(File.ReadAllText(path)))];

        Assert.Empty(found);
        Assert.Matches(OverBareZero(), "terms.KlPerDimension().sum(0)");
        Assert.DoesNotMatch(OverBareZero(), "terms.KlPerDimension().sum(0L)");
    }

    [GeneratedRegex(@"\.(sum|mean)\(0\)")]
    private static partial Regex OverBareZero();
}
