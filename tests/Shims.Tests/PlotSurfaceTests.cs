using ScottPlot;

namespace Shims.Tests;

public class PlotSurfaceTests
{
    private const string ListName = "ScottPlot-5.0.55.api.txt";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, ListName));

    [PlotShimFact]
    public void The_shim_offers_nothing_that_the_package_has_not()
    {
        List<PlotApiMember> listed = PlotApiList.Parse(Lines);
        Assert.Empty(NotCovered(PlotApiReflection.Surface(typeof(Plot).Assembly), listed));
    }

    [Fact]
    public void Every_listed_member_is_there()
    {
        HashSet<string> offered = [.. PlotApiReflection.Surface(typeof(Plot).Assembly).Select(member => member.Key)];
        // The shim needs neither the package's interfaces nor the constructors that its own code calls.
        IEnumerable<string> missing = PlotApiList.Parse(Lines)
            .Where(member => !member.IsPrimaryConstructor && !member.Key.Contains(" is ", StringComparison.Ordinal))
            .Select(member => member.Key)
            .Where(key => !offered.Contains(key));
        Assert.Empty(missing);
    }

    [PlotReferenceFact]
    public void The_list_is_cut_from_the_full_list()
    {
        string[] full = File.ReadAllLines(PlotReferenceFactAttribute.FullList!);
        // The full list leaves out the values of enumerations.
        IEnumerable<string> added = Lines
            .Where(line => !line.StartsWith("# ", StringComparison.Ordinal))
            .Select(line => line.StartsWith("public enum ", StringComparison.Ordinal) ? line[..line.IndexOf(" {", StringComparison.Ordinal)] : line)
            .Except(full);
        Assert.Empty(added);
    }

    [Theory]
    [InlineData("public void Title(bool show)", "a method the list has not")]
    [InlineData("public void YLabel(string label, float? size = null)", "another default", "public void YLabel(string label, float? size = 3)")]
    [InlineData("public void YLabel(string label, float? size = null)", "another name", "public void YLabel(string text, float? size = null)")]
    [InlineData("public void YLabel(string label, float? size = null)", "no default", "public void YLabel(string label, float? size)")]
    [InlineData("public void YLabel(string label, float? size = null)", "another type", "public void YLabel(string label, double? size = null)")]
    [InlineData("public int Size { get; set; }", "a setter", "public int Size { get; private set; }")]
    [InlineData("public static int Size { get; }", "static", "public int Size { get; }")]
    [InlineData("public int Size { get; }", "a property for a field", "public int Size;")]
    public void The_comparison_sees_each_kind_of_difference(string offered, string difference, string? listed = null)
    {
        string[] head = ["## Plot.cs", "public class Plot : IDisposable"];
        List<PlotApiMember> surface = PlotApiList.Parse([.. head, offered]);
        List<PlotApiMember> allowed = PlotApiList.Parse(listed is null ? head : [.. head, listed]);
        Assert.True(NotCovered(surface, allowed).Count == 1, difference);
        Assert.Empty(NotCovered(surface, surface));
    }

    [Fact]
    public void The_comparison_sees_a_type_of_another_namespace()
    {
        List<PlotApiMember> surface = PlotApiList.Parse(["## Plottables/Scatter.cs", "public class Scatter"]);
        Assert.NotEmpty(NotCovered(surface, PlotApiList.Parse(["## Scatter.cs", "public class Scatter"])));
    }

    private static List<string> NotCovered(List<PlotApiMember> offered, List<PlotApiMember> listed) =>
        [.. offered.Where(member => !listed.Any(allowed => allowed.Covers(member))).Select(member => member.Key)];
}

/// <summary>A fact about the shim alone, skipped where ScottPlot comes from its package.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PlotShimFactAttribute : FactAttribute
{
    public PlotShimFactAttribute()
    {
        if (typeof(Plot).Assembly.GetName().Version!.Major >= 5)
        {
            Skip = "ScottPlot comes from its package here.";
        }
    }
}

/// <summary>A fact that needs the full list of the package's members beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PlotReferenceFactAttribute : FactAttribute
{
    public PlotReferenceFactAttribute()
    {
        if (FullList is null)
        {
            Skip = "The full list of ScottPlot's members is not beside this repository.";
        }
    }

    internal static string? FullList { get; } = Find();

    private static string? Find()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Vae.Cli.sln")))
        {
            root = root.Parent;
        }

        string list = Path.Combine(root?.FullName ?? ".", "..", "shared", "reference", "ScottPlot-5.0.55.api.txt");
        return File.Exists(list) ? list : null;
    }
}
