using System.Reflection;

namespace Shims.Tests;

/// <summary>Nothing compiles against the shim that would not compile against the package.</summary>
public class TorchPublicSurfaceTests
{
    private const string List = "TorchSharp-0.105.1.api.txt";

    private static HashSet<string> Listed => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, List))];

    private static HashSet<string> Rendered => [.. TorchApiText.Lines(typeof(TorchSharp.torch).Assembly)];

    [ShimFact]
    public void Every_public_member_of_the_shim_is_one_of_the_package()
    {
        Assert.Empty(Rendered.Except(Listed).Order());
    }

    [ShimFact]
    public void The_list_holds_nothing_that_the_shim_has_not()
    {
        Assert.Empty(Listed.Except(Rendered).Order());
    }

    [ShimFact]
    public void Every_operator_of_the_shim_is_one_of_the_libtorch_at_hand()
    {
        var operators = typeof(TorchSharp.torch).Assembly.GetType("TorchSharp.Interop.Op")!
            .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, Operator: field.GetValue(null)!)).ToList();
        Assert.NotEmpty(operators);
        Assert.All(operators, op =>
        {
            var find = op.Operator.GetType().GetMethod("Find", BindingFlags.NonPublic | BindingFlags.Instance)!;
            Assert.NotEqual(0, (nint)find.Invoke(op.Operator, null)!);
        });
    }
}
