namespace Shims.Tests;

/// <summary>Which TorchSharp this test project was built with.</summary>
internal static class TorchSource
{
    public static bool IsShim { get; } =
        typeof(TorchSharp.torch).Assembly.GetType("TorchSharp.Interop.NativeMethods") is not null;
}

/// <summary>A test of the shim itself, which the package would fail by its nature.</summary>
internal sealed class ShimFactAttribute : FactAttribute
{
    public ShimFactAttribute()
    {
        if (!TorchSource.IsShim)
        {
            Skip = "TorchSharp is the package here, not the shim.";
        }
    }
}

internal sealed class ShimTheoryAttribute : TheoryAttribute
{
    public ShimTheoryAttribute()
    {
        if (!TorchSource.IsShim)
        {
            Skip = "TorchSharp is the package here, not the shim.";
        }
    }
}
